import { say } from "@openkerb/contract";
import { expect, it } from "vitest";
import { type HorizonRecord, recordOfWarned, whyWithheld } from "./horizon-record.ts";

const good: HorizonRecord = {
  tested: 900,
  rmse: 10,
  skillOverPersistence: 0.3,
  skillOverDampedPersistence: 0.1,
  held: 0.9,
  event: 75,
  eventSource: say("event.cn-index"),
  warnsAbove: 70,
  warnings: { hits: 60, misses: 20, falseAlarms: 30, csi: 60 / 110 },
  warningsOfPersistence: { hits: 40, misses: 40, falseAlarms: 40, csi: 40 / 120 },
};

it.each<[string, Partial<HorizonRecord>, RegExp | undefined]>([
  ["better than persistence", {}, undefined],
  [
    "worse than persistence",
    { skillOverPersistence: -0.1 },
    /no better than persistence on the 900 hours .* \(skill -0.10\)\.$/,
  ],
  ["worse than damped persistence", { skillOverDampedPersistence: 0 }, /no better than damped persistence/],
  ["without a single event", { warnings: { hits: 0, misses: 0, falseAlarms: 3 } }, /^No hour above 75 came/],
  [
    "of warnings no better",
    { warningsOfPersistence: good.warnings },
    /no better than persistence .*\(critical success 55 % against 55 %\)\.$/,
  ],
])("a record %s decides whether a warning may be given", (_, change, why) => {
  const said = whyWithheld({ ...good, ...change });
  if (why) expect(said).toMatch(why);
  else expect(said).toBeUndefined();
});

it("shares of nothing are left out", () => {
  expect(recordOfWarned([false, false], [10, 20], 75)).toEqual({ hits: 0, misses: 0, falseAlarms: 0 });
  expect(recordOfWarned([true, false], [80, 90], 75)).toEqual({
    hits: 1,
    misses: 1,
    falseAlarms: 0,
    pod: 0.5,
    far: 0,
    csi: 0.5,
  });
});

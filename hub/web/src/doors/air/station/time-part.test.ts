import { expect, it } from "vitest";
import { shownPart } from "./time-part.ts";

const day = 86_400_000;
const now = 1000 * day + 12_345;

it("a week until now is shown when nothing else is asked, the same for an hour", () => {
  const part = shownPart({}, now, 0);
  expect(part).toEqual({ from: part.to - 7 * day, to: 1000 * day + 3_600_000, range: "7d", zoomed: false, live: true });
  expect(shownPart({}, now + 1_800_000, 0)).toEqual(part);
});

it("a stretch in the address is shown as it is, and nonsense is not", () => {
  const asked = { from: String(2 * day), to: String(3 * day), range: "30d" };
  expect(shownPart(asked, now, 0)).toEqual({ from: 2 * day, to: 3 * day, range: "30d", zoomed: true, live: false });
  for (const wrong of [{ from: "5", to: "4" }, { from: "x", to: "9" }, { from: "-5", to: String(day) }, { from: "1" }])
    expect(shownPart(wrong, now, 0).zoomed).toBe(false);
});

it("all begins with the first hour kept", () => {
  expect(shownPart({ range: "all" }, now, 900 * day).from).toBe(900 * day);
  expect(shownPart({ range: "all" }, now, now).to - shownPart({ range: "all" }, now, now).from).toBe(day);
});

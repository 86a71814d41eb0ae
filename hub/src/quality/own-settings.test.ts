import { Metric } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { qualityTests } from "../air/qartod/tests.ts";
import { checkHubConfig } from "../config.ts";
import { openStore } from "../store/sqlite-store.ts";
import { lookBack } from "./doubts.ts";
import { testsWith } from "./own-settings.ts";
import { day, minutesOf, qualityOf, start, takeIn } from "./trial-readings.ts";

const winter = {
  config: [
    { tspan: [12, 2], vspan: [-20, 15], period: "month" },
    { tspan: [6, 8], vspan: [10, 19], period: "month" },
  ],
};
const configOf = (quality: object) =>
  checkHubConfig(
    { version: 1, city: "demo", page: { port: 0 }, broker: { kind: "embedded" }, air: { quality } },
    "/nowhere",
  );

describe("the tests of each metric", () => {
  it("are all ready to run, and look back no further than some days", () => {
    for (const metric of Metric.options) {
      const { readings } = testsWith({})[metric];
      for (const [name, args] of Object.entries(readings))
        expect(qualityTests[name as keyof typeof qualityTests].safeParse(args).success, `${metric} ${name}`).toBe(true);
      expect(lookBack(testsWith({})[metric])).toBeLessThan(4 * day);
    }
  });

  it("may be set, added and left out by a city, and a mistake is named with its place", async () => {
    const quality = { pm25: { climatology_test: winter, gap_test: null } };
    const { config } = await configOf(quality);
    const tests = testsWith(config.air.quality);
    expect(tests.pm25.readings).toHaveProperty("climatology_test");
    expect(tests.pm25.readings).not.toHaveProperty("gap_test");
    expect(tests.pm10).toEqual(testsWith({}).pm10);
    await expect(configOf({ pm25: { spike_test: {} } })).rejects.toThrow(
      /air\.quality\.pm25\.spike_test.*suspect_threshold/,
    );
    await expect(configOf({ pm25: { drift_test: {} } })).rejects.toThrow(/no such test to set/);
    const limits = { fail_span: [0, 100], suspect_span: [0, 500] };
    await expect(configOf({ pm25: { gross_range_test: limits } })).rejects.toThrow(/must lie within the fail span/);
    await expect(configOf({ pm26: {} })).rejects.toThrow(/air\.quality/);
  });

  it("of a city are the ones that run", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store, {}, testsWith({ pm25: { climatology_test: winter } }));
    takeIn(store, minutesOf(start, 300));
    await bed.test(start + day);
    const [item] = bed.quality.review.items.list({ state: "all", limit: 5 });
    expect(item?.tests.map((t) => t.test)).toEqual(["climatology"]);
  });
});

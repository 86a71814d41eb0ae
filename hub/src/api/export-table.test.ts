import type { DeviceId, Instant, Millis, SensorId, SiteId } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { offsetText, tableColumns, tableRow, textCell } from "./export-table.ts";

describe("the exported table", () => {
  it("holds no cell that a spreadsheet takes for a formula", () => {
    expect(["=1+1", "+1", "-1", "@a", "\tx"].map(textCell)).toEqual(["'=1+1", "'+1", "'-1", "'@a", "'\tx"]);
    expect(textCell('=HYPERLINK("a","b")')).toBe(`"'=HYPERLINK(""a"",""b"")"`);
    expect(textCell("plain")).toBe("plain");
  });

  it("writes the place's offset", () => {
    expect([0, 1, 8, -3.5, 5.75].map(offsetText)).toEqual([
      "UTC+00:00",
      "UTC+01:00",
      "UTC+08:00",
      "UTC-03:30",
      "UTC+05:45",
    ]);
  });

  it("gives rain its sum, and as many cells as columns", () => {
    const channel = {
      id: 1,
      site: "street" as SiteId,
      device: "box-1" as DeviceId,
      sensor: "gauge" as SensorId,
      metric: "rain",
      unit: "mm",
    } as const;
    const bin = {
      from: 0 as Instant,
      span: 3_600_000 as Millis,
      mean: 0.2,
      min: 0,
      max: 1,
      coverage: 1,
      flags: { "1": 58, "2": 1, "3": 1, "4": 0, "9": 0 },
    };
    const cells = tableRow(bin, { channel, offset: 1, sources: ["profile:gauge@1"] }).split(",");
    const names = tableColumns(channel).map(({ name }) => name);
    expect(cells).toHaveLength(names.length);
    expect(cells[names.indexOf("sum")]).toBe("12");
    expect(tableColumns({ metric: "pm25", unit: "ug/m3" }).map(({ name }) => name)).not.toContain("sum");
  });
});

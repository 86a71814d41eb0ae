import { describe, expect, it } from "vitest";
import { fraction } from "./fraction.ts";
import { leastSquares } from "./least-squares.ts";
import { imputed, o3NowCast } from "./o3-nowcast.ts";
import { pmNowCast } from "./pm-nowcast.ts";

const na = undefined;
const exact = (hours: readonly (number | undefined)[]) => hours.map((v) => (v === undefined ? v : fraction(v)));

describe("the NowCast of particles", () => {
  // AirNow forum, quoted in MazamaScience/AirMonitor monitor_nowcast.R: 28.409801.
  const published = [34.9, 43, 50, 64.9, 69.2, 66.2, 53.7, 48.6, 49.2, 35, na, 21];

  it("gives the published value and cuts it off", () => {
    const nowcast = pmNowCast(exact(published), "pm25");
    expect(nowcast).toMatchObject({ value: 28.4 });
    expect(nowcast.kind === "value" && nowcast.exact).toBeCloseTo(28.409801, 6);
    expect(pmNowCast(exact(published), "pm10")).toMatchObject({ value: 28 });
  });

  it("looks at twelve hours only", () => {
    expect(pmNowCast(exact([900, ...published]), "pm25")).toMatchObject({ value: 28.4 });
  });

  it("is the plain mean of an even course and the value itself of a flat one", () => {
    expect(pmNowCast(exact(new Array(12).fill(35.5)), "pm25")).toMatchObject({ value: 35.5 });
    expect(pmNowCast(exact(new Array(12).fill(0)), "pm25")).toMatchObject({ value: 0 });
  });

  it.each([
    ["the last two hours are missing", [10, 10, 10, na, na]],
    ["the first and third are missing", [10, 10, na, 10, na]],
    ["there is one hour", [10]],
  ])("is not available when %s", (_, hours) => {
    expect(pmNowCast(exact(hours), "pm25")).toMatchObject({
      kind: "none",
      why: expect.stringContaining("two of the last three"),
    });
  });
});

describe("the NowCast of ozone", () => {
  // USEPA/O3-Nowcast, ExampleData.csv, hourly ppb from 2019-04-16 08:00.
  const example = [
    33,
    45,
    48,
    50,
    50,
    49,
    48,
    46,
    45,
    46,
    46,
    43,
    41,
    37,
    36,
    32,
    34,
    30,
    26,
    29,
    27,
    28,
    29,
    30,
    39,
    44,
    47,
    48,
    50,
    50,
    49,
    48,
    48,
    47,
    46,
    43,
    38,
    28,
    32,
    37,
    21,
    21,
    20,
    13,
    16,
    7,
    10,
    23,
    30,
    41,
    47,
    49,
    53,
    56,
    56,
    60,
    61,
    59,
    51,
    35,
    37,
    41,
    29,
    21,
    12,
    8,
    8,
    12,
    11,
    5,
    11,
    21,
    27,
    43,
    48,
    49,
    50,
    50,
    53,
    53,
    55,
    57,
    47,
    36,
    17,
    36,
    22,
    28,
    13,
    3,
    14,
    16,
    14,
    26,
    28,
    27,
    39,
    47,
    49,
    50,
    48,
    47,
    48,
    48,
    49,
    48,
    46,
    43,
    39,
    36,
    33,
    33,
    30,
    29,
    26,
    27,
    20,
    17,
    9,
    23,
    39,
    41,
    45,
    49,
    50,
    53,
    54,
    52,
    51,
    49,
    49,
    47,
    47,
    41,
    35,
    35,
    32,
    21,
    23,
    18,
    17,
    16,
    24,
    24,
    na,
    42,
    43,
    46,
    53,
    52,
    54,
    53,
    53,
    48,
    45,
    41,
    39,
    33,
    39,
    39,
    35,
    31,
    25,
    21,
    18,
    15,
    12,
    25,
    33,
    39,
    50,
    53,
    53,
    52,
    54,
    52,
    53,
    51,
    50,
    48,
    46,
    31,
    14,
    22,
    13,
    19,
    16,
    16,
    13,
    8,
    13,
    30,
    36,
    44,
    55,
    59,
    61,
    62,
    61,
    60,
    58,
    56,
    52,
    46,
    33,
    23,
    10,
    12,
    13,
    15,
    12,
    12,
    9,
    8,
    13,
    25,
    32,
    42,
    53,
    55,
    54,
    55,
    56,
    56,
    56,
    54,
    50,
    33,
    28,
    29,
    18,
    34,
    29,
    22,
    24,
    24,
    20,
    4,
    14,
    24,
    35,
    46,
    54,
    59,
    63,
    62,
    60,
    55,
    54,
    53,
    51,
    49,
    50,
    48,
    46,
    39,
    29,
    19,
    11,
    19,
    27,
    19,
    22,
    36,
    43,
    48,
    55,
    59,
    60,
    57,
    57,
    56,
    54,
    53,
    51,
    44,
    43,
    44,
    39,
    34,
    27,
    24,
    17,
    18,
    20,
    16,
    17,
    25,
    41,
    47,
    53,
    56,
    56,
    53,
    51,
    50,
    49,
    46,
    44,
    40,
    38,
    37,
    29,
    23,
    27,
    29,
    33,
    38,
    27,
    20,
    14,
    29,
    na,
    na,
    47,
    46,
    45,
    40,
    40,
    38,
    37,
    36,
    36,
    35,
    35,
    38,
    34,
    31,
    25,
    23,
    26,
    21,
    17,
    7,
    6,
    14,
  ];
  const exactly = (hours: readonly (number | undefined)[]) => {
    const nowcast = o3NowCast(hours);
    return nowcast.kind === "value" ? nowcast.exact : nowcast.why;
  };

  it("solves the regression of the example", () => {
    expect(example).toHaveLength(336);
    expect(exactly(example)).toBeCloseTo(19.58449091415625, 8);
  });

  it("falls back on the line of the last valid hour when too much is missing", () => {
    expect(exactly([14])).toBeCloseTo(16.4, 10);
    expect(exactly([14, na])).toBeCloseTo(16.4, 10);
    expect(exactly([14, na, na])).toBeCloseTo(16.4, 10);
    expect(exactly([14, na, na, na])).toMatch(/none of the last three/);
    expect(exactly([na, na])).toMatch(/no valid hour/);
  });

  it("stops imputing at a gap of more than seven hours", () => {
    const gap = (length: number) => example.map((v, i) => (i >= 150 && i < 150 + length ? na : v));
    expect(o3NowCast(gap(7))).toMatchObject({ method: "regression over 96 hours" });
    expect(exactly(gap(8))).toBeCloseTo(16.4, 10);
  });

  it("repeats the NowCast of an hour or two before when the hour is missing, and no older one", () => {
    expect(exactly([...example, na])).toBeCloseTo(19.58449091415625, 8);
    expect(exactly([...example, na, na])).toBeCloseTo(19.58449091415625, 8);
    expect(exactly([...example, na, na, na])).toMatch(/none of the last three/);
  });

  it("is never below zero, and zero when every hour is", () => {
    expect(exactly(new Array(336).fill(0))).toBe(0);
    expect(exactly(new Array(336).fill(30))).toBeCloseTo(30, 8);
  });

  it("fills a hole with its neighbours, the nearest counting most", () => {
    expect(imputed([10, na, 20])).toEqual([10, 15, 20]);
    expect(imputed([8, na, na, 20])[1]).toBeCloseTo((8 / 2 + 20 / 4) / 0.75, 12);
    expect(imputed([1, na, na, na, na, na, na, 5])[3]).toBeCloseTo((1 / 8 + 5 / 16) / (3 / 16), 12);
  });
});

describe("least squares", () => {
  it("finds a plane again and leaves out a column that repeats another", () => {
    const rows = [0, 1, 2, 3, 4, 5].map((x) => [1, x, 2 * x, x * x]);
    const [a, b, c, d] = leastSquares(
      rows,
      rows.map(([, x]) => 3 + 2 * x! - x! * x!),
    );
    expect([a, b, c, d].map((v) => Math.round(v! * 1e9) / 1e9)).toEqual([3, 2, 0, -1]);
  });
});

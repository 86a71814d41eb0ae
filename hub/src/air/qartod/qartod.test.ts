import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseTime } from "../timestamp.ts";
import { aggregate } from "./aggregate.ts";
import type { Series } from "./series.ts";
import { qualityTestName, qualityTests } from "./tests.ts";

const na = undefined;
const quarters = (n: number) => Array.from({ length: n }, (_, i) => i * 900_000);
const days = (n: number) => Array.from({ length: n }, (_, i) => Date.UTC(2019, 0, 1 + i));
const flags = (name: keyof typeof qualityTests, args: object, series: Partial<Series>) =>
  qualityTests[name].parse(args)({ times: [], values: [], ...series });

// The expected flags were recorded from ioos_qc's own test suite (ioos/ioos_qc 9c1853a4, tests/test_qartod.py).
describe("QARTOD tests", () => {
  it("gross range: ends are inside, missing stays missing", () => {
    expect(
      flags(
        "gross_range_test",
        { fail_span: [50, 10], suspect_span: [20, 40] },
        { values: [na, 5, 10, 15, 20, 25, 30, 35, 40, 45, 51] },
      ),
    ).toEqual([9, 4, 3, 3, 1, 1, 1, 1, 1, 3, 4]);
    expect(() => flags("gross_range_test", { fail_span: [1, 2], suspect_span: [0, 2] }, {})).toThrow(/within/);
  });

  const turns = [3, 4.99, 5, 6, 8, 6, 6, 6.75, 6, 6, 5.3, 6, 6, 9, 5, na, 4, 4];
  it.each([
    [{ suspect_threshold: 25, fail_threshold: 50 }, [10, 12, 999.99, 13, 15, 40, 9, 9], [2, 4, 4, 4, 1, 3, 1, 2]],
    [
      { suspect_threshold: 25, fail_threshold: 50 },
      [10, 12, 999.99, 13, 15, 40, 9, 9, na, 10, 10, 999.99, 10, na],
      [2, 4, 4, 4, 1, 3, 1, 2, 9, 2, 4, 4, 2, 9],
    ],
    [{ suspect_threshold: 0.5, fail_threshold: 1 }, turns, [2, 3, 1, 1, 4, 3, 1, 3, 1, 1, 3, 1, 4, 4, 2, 9, 2, 2]],
    [{ fail_threshold: 1 }, turns, [2, 1, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 4, 4, 2, 9, 2, 2]],
  ])("spike %j", (args, values, expected) => {
    expect(flags("spike_test", args, { values })).toEqual(expected);
  });

  it("spike by the smaller of two opposite steps lets a shoulder pass", () => {
    const args = { suspect_threshold: 0.5, fail_threshold: 1, method: "differential" };
    expect(flags("spike_test", args, { values: turns })).toEqual([
      2, 1, 1, 1, 4, 1, 1, 3, 1, 1, 3, 1, 1, 4, 2, 9, 2, 2,
    ]);
  });

  const steps = [2, 10, 2.1, 3, 4, 5, 7, 10, 0, 2, 2.2, 2, 1, 2, 3, 90, 91, 92, 93, 1, 2, 3, 4, 5];
  it("rate of change in units a second", () => {
    const rate = (args: object, values: (number | undefined)[] = steps) =>
      flags("rate_of_change_test", args, { values, times: quarters(values.length) });
    expect(rate({ threshold: 5 / 900 })).toEqual([
      1, 3, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 1,
    ]);
    expect(rate({ threshold: 5 / 900, fail_threshold: 10 / 900 })).toEqual([
      1, 3, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 4, 1, 1, 1, 4, 1, 1, 1, 1,
    ]);
    expect(rate({ threshold: 5 / 900 }, [2, 10, 2, 3, na, na, 7, 10])).toEqual([1, 3, 3, 1, 9, 9, 1, 1]);
  });

  it.each([
    [
      [1, 2, 2.0001, 2, 2.0001, 2, 2.0001, 2, 4, 5, 3, 3.0001, 3.0005, 3.00001],
      [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3],
    ],
    [
      [1, na, na, 2, 2.0001, 2, 2.0001, 2, 4, na, 3, na, na, 3.00001],
      [1, 9, 9, 1, 3, 3, 4, 4, 1, 9, 1, 9, 9, 3],
    ],
    [[], []],
  ])("flat line of %j", (values, expected) => {
    const args = { suspect_threshold: 3000, fail_threshold: 4800, tolerance: 0.01 };
    expect(flags("flat_line_test", args, { values, times: quarters(values.length) })).toEqual(expected);
  });

  it("flat line judges only a span that is full", () => {
    const args = { suspect_threshold: 3, fail_threshold: 5, tolerance: 0.1 };
    const seconds = (n: number) => ({
      values: new Array(n).fill(5),
      times: Array.from({ length: n }, (_, i) => i * 1000),
    });
    expect(flags("flat_line_test", args, seconds(3))).toEqual([1, 1, 1]);
    expect(flags("flat_line_test", args, seconds(6))).toEqual([1, 1, 1, 3, 3, 4]);
  });

  it.each([
    [[1, 2, 3, 4], { suspect_threshold: 0.75, fail_threshold: 0.5 }, [1, 1, 1, 1]],
    [[1, 2, 3, 4], { suspect_threshold: 5, fail_threshold: 0 }, [3, 3, 3, 3]],
    [[1, 1, 1, 1], { suspect_threshold: 10, fail_threshold: 8 }, [4, 4, 4, 4]],
    [[10, na, na, 40], { suspect_threshold: 50, fail_threshold: 31, check_type: "range" }, [4, 9, 9, 4]],
    [[na, na], { suspect_threshold: 1, fail_threshold: 0.5 }, [9, 9]],
    [
      [1, na, 10, 100, 1000],
      { suspect_threshold: 150, fail_threshold: 40, test_period: 172800, min_obs: 2 },
      [2, 9, 2, 3, 1],
    ],
    [
      [1, 2, 3, 100, 1000],
      { suspect_threshold: 100, fail_threshold: 10, test_period: 172800, min_obs: 0, check_type: "range" },
      [4, 4, 4, 3, 1],
    ],
    [
      [1, 2, 3, 100, 1000],
      { suspect_threshold: 100, fail_threshold: 10, test_period: 172800, min_period: 172800, check_type: "range" },
      [2, 4, 4, 3, 1],
    ],
  ])("attenuated signal of %j with %j", (values, args, expected) => {
    expect(flags("attenuated_signal_test", args, { values, times: days(values.length) })).toEqual(expected);
  });

  const year = [
    { tspan: ["2012-01-01", "2013-01-01"], vspan: [40, 50] },
    { tspan: ["2012-01-01", "2013-01-01"], vspan: [50, 60], zspan: [0, 10] },
    {
      tspan: "Span(minv=Timestamp('2012-01-01 00:00:00'), maxv=Timestamp('2013-01-01 00:00:00'))",
      vspan: "Span(minv=70, maxv=80)",
      zspan: [10, 100],
      fspan: null,
      period: null,
    },
  ];
  it("climatology by depth: the last season that applies decides", () => {
    const at = Date.UTC(2012, 0, 2);
    expect(
      flags(
        "climatology_test",
        { config: { members: year } },
        {
          values: [51, 71, 42, 39, 59, 79, na],
          depths: [2, 90, na, na, 11, 101, na],
          times: new Array(7).fill(at),
        },
      ),
    ).toEqual([1, 1, 1, 3, 3, 3, 9]);
  });

  it.each([
    [[0, 90], "dayofyear"],
    [[0, 3], "month"],
    [[0, 1], "quarter"],
    [[0, 12], "weekofyear"],
  ])("climatology of %j %s", (tspan, period) => {
    const times = ["2011-02-02", "2013-02-03", "2011-04-01", "2011-12-31", "2020-02-29"].map((t) => parseTime(t)!);
    const config = [{ tspan, period, vspan: [10, 20] }];
    expect(flags("climatology_test", { config }, { values: [9, 11, 21, 21, 15], times })).toEqual([3, 1, 2, 2, 1]);
  });

  it("climatology fails what is not possible", () => {
    const config = [{ tspan: [1, 12], period: "month", vspan: [50, 60], fspan: [40, 70] }];
    expect(flags("climatology_test", { config }, { values: [30, 40, 50, 60, 70, 71], times: days(6) })).toEqual([
      4, 3, 1, 1, 3, 4,
    ]);
  });

  it("aggregates by the gravest flag", () => {
    expect(
      aggregate(
        [
          [1, 1, 2, 9, 9],
          [1, 4, 9, 9, 3],
          [2, 3, 9, 9, 1],
        ],
        5,
      ),
    ).toEqual([1, 4, 2, 9, 3]);
  });

  it("knows tests with and without their ending, and refuses an argument that nobody named", () => {
    expect([qualityTestName("spike"), qualityTestName("spike_test"), qualityTestName("constructor")]).toEqual([
      "spike_test",
      "spike_test",
      undefined,
    ]);
    expect(qualityTests.spike_test.safeParse({ suspect_treshold: 3 }).success).toBe(false);
    expect(qualityTests.spike_test.safeParse({}).success).toBe(false);
  });

  // Development data; the cases above are the essential ones of it.
  const recorded = join(process.env.OPENKERB_SHARED ?? "../shared", "data/air/ioos_qc/vectors.jsonl");
  it.skipIf(!existsSync(recorded))("equals every recorded call of a test that is ours", () => {
    for (const line of readFileSync(recorded, "utf8").trim().split("\n")) {
      const { test, fn, args, flags: expected } = JSON.parse(line);
      const name = qualityTestName(fn);
      if (!name) continue;
      const { inp, tinp = [], zinp, ...own } = args;
      const plain = (v: unknown) => (typeof v === "number" ? v : na);
      const series: Series = {
        values: inp.map(plain),
        times: tinp.map((t: string | number) =>
          typeof t === "number" ? t * 1000 : parseTime(t.replace(/^Timestamp\('(.*)'\)$/, "$1")),
        ),
        ...(zinp ? { depths: zinp.map(plain) } : {}),
      };
      expect([test, qualityTests[name].parse(own)(series)]).toEqual([test, expected]);
    }
  });
});

describe("our own tests", () => {
  const minutes = (n: number) => Array.from({ length: n }, (_, i) => i * 60_000);

  it("gap: a value that comes late", () => {
    const times = [0, 60_000, 200_000, 1_000_000];
    expect(flags("gap_test", { suspect_threshold: 90, fail_threshold: 600 }, { values: [1, 1, 1, 1], times })).toEqual([
      1, 1, 3, 4,
    ]);
  });

  it("neighbours: far from the median of the others, in numbers and in proportion", () => {
    const series = {
      values: [10, 90, 12, 9, na],
      beside: { a: [11, 12, 3, na, 1], b: [9, 10, 3, 8, 1], c: [10, 50, 3, na, 1] },
    };
    const args = { columns: ["a", "b", "c"], suspect_threshold: 5, fail_threshold: 50 };
    expect(flags("neighbour_test", args, series)).toEqual([1, 4, 3, 2, 9]);
    expect(flags("neighbour_test", { ...args, relative: 4 }, series)).toEqual([1, 4, 1, 2, 9]);
    expect(() => flags("neighbour_test", { ...args, columns: ["d"] }, series)).toThrow(/no column "d"/);
  });

  it("channel pair: EPA's rule needs both the difference and the proportion", () => {
    const series = { values: [3, 100, 100, 100, na], beside: { b: [0, 94, 40, na, 4] } };
    expect(flags("channel_pair_test", { column: "b" }, series)).toEqual([1, 1, 4, 2, 9]);
  });

  it("drift: the difference to a reference creeps away, a passing cloud does not", () => {
    const reference = minutes(600).map((_, i) => 20 + 10 * Math.sin(i / 50));
    const sensor = (creep: number) => reference.map((r, i) => r + 2 + (i % 40 === 0 ? 80 : 0) + creep * i);
    const args = { column: "reference", window: 7200, suspect_threshold: 3, fail_threshold: 8 };
    const of = (creep: number) =>
      flags("drift_test", args, { values: sensor(creep), times: minutes(600), beside: { reference } });
    expect(new Set(of(0).slice(130))).toEqual(new Set([1]));
    expect([of(0.02)[0], of(0.02)[200], of(0.02)[400], of(0.02)[599]]).toEqual([2, 1, 3, 4]);
  });

  it("warm-up: after a silence, not after every value", () => {
    const times = [0, 60_000, 900_000, 915_000, 935_000, 995_000];
    const args = { warm_up: 30, silence: 300 };
    expect(flags("warm_up_test", args, { values: [1, 1, 1, 1, 1, 1], times })).toEqual([1, 1, 3, 3, 1, 1]);
    expect(flags("warm_up_test", { ...args, at_start: true, flag: 4 }, { values: [1, 1, 1, 1, 1, 1], times })).toEqual([
      4, 1, 4, 4, 1, 1,
    ]);
  });
});

import { z } from "zod";
import { parseTime } from "../timestamp.ts";
import { attenuatedSignal } from "./attenuated-signal.ts";
import { channelPair } from "./channel-pair.ts";
import { climatology, periods, type Season } from "./climatology.ts";
import { drift } from "./drift.ts";
import { flatLine } from "./flat-line.ts";
import { gap } from "./gap.ts";
import { grossRange } from "./gross-range.ts";
import { neighbours } from "./neighbours.ts";
import { rateOfChange } from "./rate-of-change.ts";
import type { Column, Flags, Series } from "./series.ts";
import { spike } from "./spike.ts";
import { warmUp } from "./warm-up.ts";

const number = z.number();
const maybe = number.nullish().transform((n) => n ?? undefined);

/** A span is two numbers or times, or the text `Span(minv=0, maxv=10)` that ioos_qc prints for one. */
const ends = z.union([
  z.tuple([z.union([number, z.string()]), z.union([number, z.string()])]),
  z
    .string()
    .regex(/^Span\(minv=(.+), maxv=(.+)\)$/)
    .transform((text): [string, string] => {
      const [, low, high] = /^Span\(minv=(.+), maxv=(.+)\)$/.exec(text)!;
      return [low!, high!];
    }),
]);
const bare = (end: string | number): string => String(end).replace(/^Timestamp\('(.*)'\)$/, "$1");
const numbers = ends.transform(([low, high], context): [number, number] => {
  const span: [number, number] = [Number(bare(low)), Number(bare(high))];
  if (span.some(Number.isNaN)) context.addIssue({ code: "custom", message: "a span needs two numbers" });
  return span;
});
const times = ends.transform(([low, high], context): [number, number] => {
  const span = [parseTime(bare(low)), parseTime(bare(high))];
  if (span.includes(undefined))
    context.addIssue({ code: "custom", message: "a time span without a period needs two times" });
  return [span[0] ?? 0, span[1] ?? 0];
});

const season = z
  .strictObject({
    tspan: ends,
    vspan: numbers,
    fspan: numbers.nullish(),
    zspan: numbers.nullish(),
    period: z.enum(periods).nullish(),
  })
  .transform(({ tspan, vspan, fspan, zspan, period }, context): Season => {
    const time = (period ? numbers : times).safeParse(tspan);
    if (!time.success) context.addIssue({ code: "custom", path: ["tspan"], message: time.error.issues[0]!.message });
    return {
      time: time.data ?? [0, 0],
      period: period ?? undefined,
      usual: vspan,
      possible: fspan ?? undefined,
      depth: zspan ?? undefined,
    };
  });

const levels = z.strictObject({ suspect_threshold: maybe, fail_threshold: maybe });
const eitherLevel = <T extends { suspect_threshold?: number | undefined; fail_threshold?: number | undefined }>(t: T) =>
  t.suspect_threshold !== undefined || t.fail_threshold !== undefined;
const needsLevel = { message: "give suspect_threshold, fail_threshold or both" };

type Test = (series: Series) => Flags;
const test = <T>(schema: z.ZodType<T>, run: (series: Series, args: T) => Flags) =>
  schema.transform(
    (args): Test =>
      (series) =>
        run(series, args),
  );

const column = (series: Series, name: string): Column => {
  const found = series.beside?.[name];
  if (!found) throw new RangeError(`the series has no column "${name}"`);
  return found;
};

/** Every test by the name ioos_qc gives it, and ours beside them: arguments in, a ready test out. */
export const qualityTests = {
  gross_range_test: test(
    z.strictObject({ fail_span: numbers, suspect_span: numbers.nullish() }),
    (series, { fail_span, suspect_span }) => grossRange(series, fail_span, suspect_span ?? undefined),
  ),
  spike_test: test(
    levels.extend({ method: z.enum(["average", "differential"]).nullish() }).refine(eitherLevel, needsLevel),
    (series, { suspect_threshold, fail_threshold, method }) =>
      spike(series, { suspect: suspect_threshold, fail: fail_threshold }, method ?? "average"),
  ),
  rate_of_change_test: test(
    z.strictObject({ threshold: maybe, suspect_threshold: maybe, fail_threshold: maybe }),
    (series, { threshold, suspect_threshold, fail_threshold }) =>
      rateOfChange(series, { suspect: threshold ?? suspect_threshold, fail: fail_threshold }),
  ),
  flat_line_test: test(
    z.strictObject({ suspect_threshold: number, fail_threshold: number, tolerance: maybe }),
    (series, { suspect_threshold, fail_threshold, tolerance }) =>
      flatLine(series, { suspect: suspect_threshold, fail: fail_threshold }, tolerance),
  ),
  attenuated_signal_test: test(
    z.strictObject({
      suspect_threshold: number,
      fail_threshold: number,
      test_period: maybe,
      min_obs: maybe,
      min_period: maybe,
      check_type: z.enum(["std", "range"]).nullish(),
    }),
    (series, args) =>
      attenuatedSignal(series, {
        suspect: args.suspect_threshold,
        fail: args.fail_threshold,
        period: args.test_period,
        minObservations: args.min_obs,
        minPeriod: args.min_period,
        check: args.check_type ?? undefined,
      }),
  ),
  climatology_test: test(
    z.strictObject({ config: z.union([z.array(season), z.strictObject({ members: z.array(season) })]) }),
    (series, { config }) => climatology(series, Array.isArray(config) ? config : config.members),
  ),
  gap_test: test(levels.refine(eitherLevel, needsLevel), (series, { suspect_threshold, fail_threshold }) =>
    gap(series, { suspect: suspect_threshold, fail: fail_threshold }),
  ),
  neighbour_test: test(
    levels
      .extend({ columns: z.array(z.string()).min(1), relative: maybe, min_neighbours: maybe })
      .refine(eitherLevel, needsLevel),
    (series, args) =>
      neighbours(
        series,
        args.columns.map((name) => column(series, name)),
        {
          suspect: args.suspect_threshold,
          fail: args.fail_threshold,
          relative: args.relative,
          least: args.min_neighbours,
        },
      ),
  ),
  channel_pair_test: test(z.strictObject({ column: z.string(), absolute: maybe, relative: maybe }), (series, args) =>
    channelPair(series, column(series, args.column), args),
  ),
  drift_test: test(
    levels.extend({ column: z.string(), window: number.positive(), min_obs: maybe }).refine(eitherLevel, needsLevel),
    (series, args) =>
      drift(series, column(series, args.column), args.window, {
        suspect: args.suspect_threshold,
        fail: args.fail_threshold,
        least: args.min_obs,
      }),
  ),
  warm_up_test: test(
    z.strictObject({
      warm_up: number.positive(),
      silence: number.positive(),
      at_start: z.boolean().nullish(),
      flag: z.union([z.literal(3), z.literal(4)]).nullish(),
    }),
    (series, args) =>
      warmUp(series, args.warm_up, args.silence, { atStart: args.at_start ?? false, fails: args.flag === 4 }),
  ),
} as const;

export type QualityTestName = keyof typeof qualityTests;

/** The full name of a test, given with or without its `_test`. */
export function qualityTestName(name: string): QualityTestName | undefined {
  const full = name.endsWith("_test") ? name : `${name}_test`;
  return Object.hasOwn(qualityTests, full) ? (full as QualityTestName) : undefined;
}

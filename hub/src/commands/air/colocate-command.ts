import { basename } from "node:path";
import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { agreementOf, precisionOf } from "../../air/colocation/agreement.ts";
import { bestLag, calibrate } from "../../air/colocation/calibration.ts";
import { eachOnce, meansOver, pairsOf, type Reading } from "../../air/colocation/pairs.ts";
import { colocationReport } from "../../air/colocation/report.ts";
import { againstTargets } from "../../air/colocation/targets.ts";
import { type Pollutant, pollutants } from "../../air/concentration.ts";
import { write, writeTo } from "./csv.ts";
import { readInstrument } from "./instrument-file.ts";

export const help = `openkerb air colocate --sensor a.csv --reference b.csv [--json]

Compares a sensor with the reference instrument beside it: both as time,value, as a table with a column for each quantity,
or (the reference) as an AirNow-Tech export. The finer one is averaged to the coarser one's hours, three quarters of
which must be there. The calibration is fitted on the first half of the time and judged on the second, and refused where
it carries no information (R² below 0.7, or a gain that may be 0), with the reason.

  --sensor-column     which column of the sensor's file, e.g. "O3 (ppb)" or O3 (needed unless it is called value)
  --reference-column  the same of the reference; for AirNow-Tech the parameter, e.g. PM2.5 or O3
  --pollutant         ${pollutants.join(", ")}: also compare with EPA's targets
  --report out.html   also write one page to print and sign
  --sensor            may be repeated: further sensors of the same kind give the precision among them`;

export async function run(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      sensor: { type: "string", multiple: true },
      reference: { type: "string" },
      "sensor-column": { type: "string" },
      "reference-column": { type: "string" },
      pollutant: { type: "string" },
      report: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [path, ...further] = options.sensor ?? [];
  if (path === undefined || options.reference === undefined)
    throw new Trouble("Two files are needed.", "Give --sensor a.csv --reference b.csv.");
  const pollutant = options.pollutant === undefined ? undefined : pollutants.find((p) => p === options.pollutant);
  if (options.pollutant !== undefined && pollutant === undefined)
    throw new Trouble(
      `There are no targets for "${options.pollutant}".`,
      `There are some for ${pollutants.join(", ")}.`,
    );
  const { readings: sensor, unclear } = eachOnce(await readInstrument(path, options["sensor-column"]));
  const column = options["reference-column"] ?? options["sensor-column"];
  const reference = clear(await readInstrument(options.reference, column), options.reference);
  const { span, pairs } = pairsOf(sensor, reference);
  const agreement = agreementOf(pairs);
  if (!agreement)
    throw new Trouble(
      "The two files share no time.",
      "Both must be in the same time zone, for example local standard time.",
    );
  const lag = bestLag(pairs, span);
  const verdict = calibrate(pairs);
  const others = await Promise.all(
    further.map(async (p) => eachOnce(await readInstrument(p, options["sensor-column"])).readings),
  );
  const precision = precisionOf([sensor, ...others].map((readings) => meansOver(readings, span)));
  const report = {
    pairs: { n: pairs.length, spanMinutes: span / 60_000, from: iso(pairs[0]!.at), to: iso(pairs.at(-1)!.at) },
    // Times that the sensor gave twice with different values, which are left out.
    ...(unclear.length > 0 ? { unclear: { n: unclear.length, first: iso(unclear[0]!) } } : {}),
    metrics: agreement,
    ...(precision ? { precision } : {}),
    ...(pollutant ? { targets: againstTargets(pollutant, agreement) } : {}),
    clock: {
      bestLag: lag.lag,
      r2AtBestLag: lag.r2,
      // A clock that is off gives a clearly better fit elsewhere; noise gives a slightly better one anywhere.
      warning:
        lag.lag !== 0 && lag.r2 > 0.3 && lag.r2 - lag.r2AtZero > 0.1
          ? `the series fit best ${lag.lag} spans apart: check clocks and time zones`
          : null,
    },
    fit: verdict.calibration ? withTimes(verdict.calibration) : null,
    verdict: verdict.kind,
    reason: verdict.kind === "refused" ? verdict.why.join("; ") : null,
    reasons: verdict.kind === "refused" ? verdict.why : [],
  };
  if (options.report !== undefined) {
    const unit =
      pollutant === undefined
        ? "as measured"
        : pollutant.startsWith("pm")
          ? "µg/m³"
          : pollutant === "co"
            ? "ppm"
            : "ppb";
    const page = colocationReport({
      sensor: basename(path),
      reference: basename(options.reference),
      unit,
      spanMinutes: span / 60_000,
      pairs,
      agreement,
      targets: pollutant ? againstTargets(pollutant, agreement) : [],
      verdict,
      warning: report.clock.warning,
    });
    await writeTo(options.report, page);
  }
  await write(options.json ? `${JSON.stringify(report, undefined, 2)}\n` : inWords(report, pollutant));
}

/** A reference may not say two things of one time: what is true is what everything else is held against. */
function clear(readings: readonly Reading[], where: string): Reading[] {
  const { readings: once, unclear } = eachOnce(readings);
  if (unclear.length === 0) return once;
  throw new Trouble(
    `${where} gives ${unclear.length === 1 ? "one time" : `${unclear.length} times`} twice with different values, first ${iso(unclear[0]!)}.`,
    "Write the times with their zone, or in one zone all year; and one instrument at a time.",
  );
}

const iso = (at: number): string => new Date(at).toISOString();
type Calibration = NonNullable<ReturnType<typeof calibrate>["calibration"]>;
const withTimes = ({ fitted, judged, ...rest }: Calibration) => ({
  ...rest,
  fitted: { ...fitted, from: iso(fitted.from), to: iso(fitted.to) },
  judged: { ...judged, from: iso(judged.from), to: iso(judged.to) },
});

type Report = {
  pairs: { n: number; spanMinutes: number; from: string; to: string };
  unclear?: { n: number; first: string };
  metrics: NonNullable<ReturnType<typeof agreementOf>>;
  targets?: ReturnType<typeof againstTargets>;
  clock: { warning: string | null };
  fit: ReturnType<typeof withTimes> | null;
  verdict: string;
  reasons: readonly string[];
};

function inWords(
  { pairs, unclear, metrics: m, targets, clock, fit, verdict, reasons }: Report,
  pollutant?: Pollutant,
): string {
  const n = (value: number) => value.toFixed(2);
  const lines = [
    `${pairs.n} pairs of ${pairs.spanMinutes} minutes, ${pairs.from.slice(0, 16)} to ${pairs.to.slice(0, 16)}`,
    `sensor = ${n(m.slope)} x reference + ${n(m.intercept)}, R² ${n(m.r2)}, RMSE ${n(m.rmse)} (${n(m.nrmse)} %), bias ${n(m.bias)}`,
    ...(targets ?? []).map(
      (t) => `  ${pollutant} ${t.name} ${n(t.value)}, target ${t.target}: ${t.met ? "met" : "missed"}`,
    ),
    ...(clock.warning ? [`Warning: ${clock.warning}`] : []),
    ...(unclear
      ? [`Warning: the sensor gives ${unclear.n} times twice with different values (first ${unclear.first}): left out`]
      : []),
    ...(fit
      ? [
          `reference = ${n(fit.gain)} x sensor + ${n(fit.offset)} (gain 95 % ${fit.gainInterval.map(n).join(" to ")}), fitted on ${fit.fitted.n}`,
          `judged on the ${fit.judged.n} pairs after: RMSE ${n(fit.judged.rmseBefore)} before, ${n(fit.judged.rmseAfter)} after`,
        ]
      : []),
    `Calibration ${verdict}${reasons.length === 0 ? "." : ":"}`,
    ...reasons.map((why) => `  ${why}`),
  ];
  return `${lines.join("\n")}\n`;
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed } from "./printed.ts";
import type { Row } from "./row.ts";

type Horizon = {
  horizon: number;
  rmse: number;
  skillOverPersistence: number;
  skillOverDampedPersistence: number;
  warnings: { csi: number };
  warningsOfPersistence: { csi: number };
  interval: { coverage: number };
};

async function horizonsOf(series: string, column: string, from: string, event: number): Promise<Horizon[]> {
  const args = ["air", "forecast", "--series", series, "--column", column, "--horizons", "1,3,6,12,24"];
  const said = await printed([...args, "--test-from", from, "--event", String(event), "--json"]);
  return (JSON.parse(said) as { horizons: Horizon[] }).horizons;
}

/** The series the forecast was made with. */
async function namedRows(series: string): Promise<Row[]> {
  return (await horizonsOf(series, "PM2.5", "2016-03-01", 75)).map((h) => ({
    what: `forecast of PM2.5, ${h.horizon} h`,
    measured: `skill over damped persistence ${h.skillOverDampedPersistence.toFixed(3)}, CSI ${h.warnings.csi.toFixed(3)} (persistence ${h.warningsOfPersistence.csi.toFixed(3)}), RMSE ${h.rmse.toFixed(1)}, coverage ${h.interval.coverage.toFixed(3)}`,
    least: h.horizon >= 6 ? "skill > 0, CSI above persistence" : "skill > 0",
    met: h.skillOverDampedPersistence > 0 && (h.horizon < 6 || h.warnings.csi > h.warningsOfPersistence.csi),
  }));
}

type Trial = { readonly column: string; readonly from: string; readonly learn: number; readonly event: number };
/** Other pollutants and years: all that is known before, a year of test. */
const whole: readonly Trial[] = [
  { column: "PM10", from: "2014-03-01", learn: 366, event: 150 },
  { column: "O3", from: "2014-03-01", learn: 366, event: 160 },
  { column: "NO2", from: "2015-03-01", learn: 731, event: 100 },
  { column: "SO2", from: "2015-03-01", learn: 731, event: 50 },
  { column: "CO", from: "2016-03-01", learn: 1097, event: 2000 },
  { column: "PM2.5", from: "2014-09-01", learn: 549, event: 75 },
];
/** Two months to learn from, four to be tested on. */
const short: readonly Trial[] = [
  { column: "PM2.5", from: "2016-03-01", learn: 60, event: 75 },
  { column: "O3", from: "2015-08-01", learn: 60, event: 160 },
  { column: "NO2", from: "2014-05-01", learn: 60, event: 100 },
  { column: "SO2", from: "2014-12-01", learn: 60, event: 50 },
  { column: "CO", from: "2015-10-01", learn: 60, event: 2000 },
];

const dayOf = (text: string, days: number): string =>
  new Date(Date.parse(text) + days * 86_400_000).toISOString().slice(0, 10);

/** The rows of a PRSA file from one day to before another. */
function cut(text: string, from: string, to: string): string {
  const [heading, ...rows] = text.trimEnd().split("\n");
  const day = (row: string) => {
    const [, year, month, date] = row.replaceAll('"', "").split(",");
    return `${year}-${month!.padStart(2, "0")}-${date!.padStart(2, "0")}`;
  };
  return `${[heading, ...rows.filter((row) => day(row) >= from && day(row) < to)].join("\n")}\n`;
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

async function trialRows(text: string, trials: readonly Trial[], test: number, what: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "openkerb-forecast-"));
  try {
    const file = join(folder, "part.csv");
    const all: Horizon[][] = [];
    for (const { column, from, learn, event } of trials) {
      writeFileSync(file, cut(text, dayOf(from, -learn), dayOf(from, test)));
      all.push(await horizonsOf(file, column, from, event));
    }
    return all[0]!.map(({ horizon }, h): Row => {
      const own = all.map((horizons) => horizons[h]!);
      const damped = own.map((r) => r.skillOverDampedPersistence);
      const plain = own.map((r) => r.skillOverPersistence);
      const better = own.filter((r) => r.warnings.csi > r.warningsOfPersistence.csi).length;
      const worst = trials[damped.indexOf(Math.min(...damped))]!;
      return {
        what: `${what}, ${horizon} h`,
        measured: `median skill over damped persistence ${median(damped).toFixed(3)} (worst ${Math.min(...damped).toFixed(3)}, ${worst.column}), over persistence ${median(plain).toFixed(3)} (worst ${Math.min(...plain).toFixed(3)}), CSI above persistence in ${better} of ${own.length}, median coverage ${median(own.map((r) => r.interval.coverage)).toFixed(3)}`,
        least: "median skills > 0, CSI above persistence in most",
        met: median(damped) > 0 && median(plain) > 0 && better * 2 > own.length,
      };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The forecast of the task, and the same program on pollutants, years and lengths it was not made with. */
export async function forecastRows(series: string): Promise<Row[]> {
  const text = readFileSync(series, "utf8");
  return [
    ...(await namedRows(series)),
    ...(await trialRows(text, whole, 365, `forecasts of ${whole.length} other pollutants and years`)),
    ...(await trialRows(text, short, 120, `forecasts after two months, ${short.length} series`)),
  ];
}

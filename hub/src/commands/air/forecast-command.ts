import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { forecast, type HorizonReport } from "../../air/forecast/forecast.ts";
import { type Hourly, type HourlyRow, hourlyOf } from "../../air/forecast/hourly.ts";
import { parseTime } from "../../air/timestamp.ts";
import { inputOf, isMissing, isNumber, numberIn, readCsv, write, writeTo } from "./csv.ts";
import { timeIn, timeNames } from "./series.ts";

export const help = `openkerb air forecast --series hours.csv --column PM2.5 --test-from YYYY-MM-DD
                      [--horizons 1,3,6,12,24] [--event 75] [--json] [--forecasts out.csv]

Learns from the five years before --test-from and forecasts every hour after it from what was known at the time, then says for
each horizon how good that was: RMSE and skill beside persistence and damped persistence, warnings of values above
--event (POD, FAR, CSI), and how often the 90 % interval held. The file needs a time column (or year, month, day, hour)
and the column itself; other numeric columns and wind directions help. Rows may come in any order; those that share an
hour are averaged. A month before --test-from is the least, a year is better. A warning without skill is not issued.`;

/** A month: less says nothing about nights, weekends and weather. */
const leastHours = 720;
const calendar = ["year", "month", "day", "hour"] as const;
const points = ["N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"];

/** Every column that may help: numbers as they are, a wind direction as two components. */
function besideOf(heading: readonly string[], sample: readonly (readonly string[])[], skip: ReadonlySet<number>) {
  return heading.flatMap((name, i): { name: string; of: (cell: string) => number; at: number }[] => {
    if (skip.has(i)) return [];
    const cells = sample.map((row) => row[i]!).filter((cell) => !isMissing(cell));
    if (cells.length * 2 < sample.length) return [];
    if (cells.every((cell) => points.includes(cell))) {
      const angle = (cell: string) => (points.includes(cell) ? (points.indexOf(cell) * Math.PI) / 8 : Number.NaN);
      return [
        { name: `${name} north`, at: i, of: (cell) => Math.cos(angle(cell)) },
        { name: `${name} east`, at: i, of: (cell) => Math.sin(angle(cell)) },
      ];
    }
    const numeric = cells.every(isNumber);
    return numeric && new Set(cells).size > 1
      ? [{ name, at: i, of: (cell) => (isNumber(cell) ? Number(cell) : Number.NaN) }]
      : [];
  });
}

/** Hour 24 of a day is hour 0 of the next, as in a time that is written whole. */
const onCalendar = ([y, m, d, h]: readonly string[]): number | undefined =>
  [m, d, h].every((part) => /^\d{1,2}$/.test(part ?? "")) ? parseTime(`${y}-${m}-${d} ${h}:00`) : undefined;

async function readHours(path: string, column: string): Promise<HourlyRow[]> {
  const { heading, rows } = await readCsv(inputOf(path), [column], path);
  const lower = heading.map((name) => name.toLowerCase());
  const parts = calendar.map((name) => lower.indexOf(name));
  const time = lower.findIndex((name) => timeNames.includes(name));
  const byCalendar = parts.every((i) => i !== -1);
  if (!byCalendar && time === -1)
    throw new Trouble(`${path} has no time column.`, "Name it time, or give year, month, day and hour.");
  const target = heading.indexOf(column);
  const read: { at: number; cells: readonly string[] }[] = [];
  for await (const row of rows) {
    const at = byCalendar ? onCalendar(parts.map((i) => row.cells[i]!)) : timeIn(row, time, path);
    if (at === undefined) throw new Trouble(`${path}, line ${row.line}: year, month, day and hour are not a time`);
    numberIn(row.cells[target]!, column, row.line, path);
    read.push({ at, cells: row.cells });
  }
  const skip = new Set([target, time, ...parts, lower.indexOf("no")]);
  // A row number climbs for ever and would teach the trees the date.
  const step = Math.max(1, Math.floor(read.length / 2000));
  const beside = besideOf(
    heading,
    read.filter((_, i) => i % step === 0).map(({ cells }) => cells),
    skip,
  );
  return read.map(({ at, cells }) => ({
    at,
    target: isMissing(cells[target]!) ? Number.NaN : Number(cells[target]),
    beside: Object.fromEntries(beside.map(({ name, at: i, of }) => [name, of(cells[i]!)])),
  }));
}

export async function run(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      series: { type: "string" },
      column: { type: "string", default: "value" },
      horizons: { type: "string", default: "1,3,6,12,24" },
      "test-from": { type: "string" },
      event: { type: "string", default: "75" },
      forecasts: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  if (options.series === undefined) throw new Trouble("Which series?", "Give --series hours.csv.");
  const testFrom = options["test-from"] === undefined ? undefined : parseTime(options["test-from"]);
  if (testFrom === undefined) throw new Trouble("From when on is the forecast tested?", "Give --test-from YYYY-MM-DD.");
  const horizons = options.horizons.split(",").map(Number);
  if (horizons.some((h) => !Number.isInteger(h) || h < 1 || h > 168))
    throw new Trouble(`--horizons ${options.horizons} are not whole hours from 1 to 168.`, "Write 1,3,6,12,24.");
  const event = Number(options.event);
  if (!Number.isFinite(event)) throw new Trouble(`--event ${options.event} is not a number.`);
  const hourly = laidOut(await readHours(options.series, options.column), options.series);
  const learnt = hourly.target.filter((v, i) => !Number.isNaN(v) && hourly.start + i * 3_600_000 < testFrom).length;
  if (learnt < leastHours)
    throw new Trouble(
      `${learnt} hours before ${options["test-from"]} are too few to learn from: ${leastHours} are needed.`,
      "Choose a later --test-from.",
    );
  const results = forecast(hourly, horizons, testFrom, event);
  if (results.some(({ report }) => report.n === 0))
    throw new Trouble(`${options.series} has no hours to test from ${options["test-from"]} on.`);
  const reports = results.map(({ report }) => report);
  if (options.forecasts !== undefined) {
    const iso = (at: number) => new Date(at).toISOString();
    const rows = results.flatMap(({ report, forecasts }) =>
      forecasts.map((f) =>
        [iso(f.at), report.horizon, iso(f.forAt), f.value.toFixed(3), f.low.toFixed(3), f.high.toFixed(3)].join(","),
      ),
    );
    await writeTo(options.forecasts, `made_at,horizon,for,value,low,high\n${rows.join("\n")}\n`);
  }
  await write(
    options.json
      ? `${JSON.stringify({ column: options.column, testFrom: options["test-from"], horizons: reports }, undefined, 2)}\n`
      : inWords(reports),
  );
}

function laidOut(rows: readonly HourlyRow[], where: string): Hourly {
  try {
    return hourlyOf(rows);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const [first, last] = rows.reduce(
      ([a, b], { at }) => [Math.min(a, at), Math.max(b, at)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    const day = (at: number) => new Date(at).toISOString().slice(0, 10);
    throw new Trouble(
      `${where} reaches from ${day(first)} to ${day(last)}, more than fifty years.`,
      "One of its times is probably mistyped.",
      { cause },
    );
  }
}

function inWords(reports: readonly HorizonReport[]): string {
  const n = (value: number, width = 7, digits = 3) => value.toFixed(digits).padStart(width);
  // Where nothing was above the event and nobody warned, there is nothing to be right or wrong about.
  const warned = ({ hits, misses, falseAlarms }: HorizonReport["warnings"], value: number, width = 7) =>
    hits + misses + falseAlarms === 0 ? "none".padStart(width) : n(value, width);
  const head =
    "  h      n    RMSE  persist   damped   skill  damped+     POD     FAR     CSI  CSIpers   cover  issued\n";
  return (
    head +
    reports
      .map(
        (r) =>
          `${String(r.horizon).padStart(3)} ${String(r.n).padStart(6)} ${n(r.rmse, 7, 2)} ${n(r.rmsePersistence, 8, 2)} ${n(r.rmseDampedPersistence, 8, 2)} ${n(r.skillOverPersistence)} ${n(r.skillOverDampedPersistence, 8)} ${warned(r.warnings, r.warnings.pod)} ${warned(r.warnings, r.warnings.far)} ${warned(r.warnings, r.warnings.csi)} ${warned(r.warningsOfPersistence, r.warningsOfPersistence.csi, 8)} ${n(r.interval.coverage)}  ${r.issued ? "yes" : "no"}\n`,
      )
      .join("")
  );
}

import { existsSync, readFileSync } from "node:fs";
import { nabScore, type Scored } from "./nab-score.ts";
import { printed, rowsOf, streamed } from "./printed.ts";
import type { Row } from "./row.ts";
import { syntheticSeries } from "./synthetic-series.ts";

/** NAB writes times with a space and microseconds. */
const timeOf = (text: string): number => Date.parse(`${text.replace(" ", "T").replace(/\.\d+$/, "")}Z`);

async function scored(
  name: string,
  csv: string,
  windowsOf: (times: readonly number[]) => Scored["windows"],
): Promise<Scored> {
  const rows = rowsOf(await printed(["air", "anomalies"], csv));
  return {
    name,
    scores: rows.map((row) => Number(row.anomaly_score)),
    windows: windowsOf(rows.map((row) => timeOf(row.timestamp!))),
  };
}

const told = ({ score, found, windows, alarms }: ReturnType<typeof nabScore>): string =>
  `${score.toFixed(1)} (${found} of ${windows} found, ${alarms} false alarms)`;

/** The labelled road series, and made series of seven other kinds whose chance nobody has tuned on. */
export async function anomalyRows(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  if (existsSync(`${folder}/windows.json`)) {
    const windows = JSON.parse(readFileSync(`${folder}/windows.json`, "utf8")) as Record<string, [string, string][]>;
    const series: Scored[] = [];
    for (const [name, labelled] of Object.entries(windows))
      series.push(
        await scored(name, readFileSync(`${folder}/${name}`, "utf8"), (times) =>
          labelled.map(([from, to]): [number, number] => [
            times.findIndex((t) => t >= timeOf(from)),
            times.findLastIndex((t) => t <= timeOf(to)),
          ]),
        ),
      );
    const result = nabScore(series);
    rows.push({
      what: "anomalies on labelled road series (NAB, standard)",
      measured: told(result),
      least: "39.6, aim 58",
      met: result.score > 39.6,
    });
  }
  const made: Scored[] = [];
  for (const { name, times, values, windows } of syntheticSeries(9))
    made.push(
      await scored(
        name,
        `timestamp,value\n${times.map((t, i) => `${new Date(t).toISOString().slice(0, 19).replace("T", " ")},${values[i]}\n`).join("")}`,
        () => windows,
      ),
    );
  const result = nabScore(made);
  rows.push({
    what: `anomalies on ${made.length} made series of other kinds (NAB, standard)`,
    measured: told(result),
    least: "58",
    met: result.score > 58,
  });
  rows.push(await memoryRow());
  return rows;
}

const fewRows = 50_000;
const manyRows = 1_000_000;

/** A stream must take no more memory when it goes on; the command tells its peak when it ends. */
async function memoryRow(): Promise<Row> {
  const peak = async (count: number) => {
    const began = performance.now();
    const { peak: bytes } = await streamed(["air", "anomalies"], madeRows(count));
    return { megabytes: bytes / 1e6, seconds: (performance.now() - began) / 1000 };
  };
  const [few, many] = [await peak(fewRows), await peak(manyRows)];
  return {
    what: `memory of anomalies over ${manyRows.toLocaleString("en-GB")} rows`,
    measured: `${many.megabytes.toFixed(0)} MB at most, ${few.megabytes.toFixed(0)} MB over ${fewRows.toLocaleString("en-GB")} rows; ${(manyRows / many.seconds / 1000).toFixed(0)} thousand rows a second`,
    least: "no more than a fifth above the short stream",
    met: many.megabytes < 1.2 * few.megabytes,
  };
}

function* madeRows(count: number): Generator<string> {
  yield "timestamp,value\n";
  const start = Date.UTC(2020, 0, 1);
  for (let i = 0; i < count; i += 1000) {
    let text = "";
    for (let k = i; k < Math.min(count, i + 1000); k++)
      text += `${new Date(start + k * 60_000).toISOString()},${(40 + 20 * Math.sin(k / 229) + 3 * Math.sin(k * k)).toFixed(2)}\n`;
    yield text;
  }
}

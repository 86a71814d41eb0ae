import { existsSync, readFileSync } from "node:fs";
import { nabScore, type Scored } from "./nab-score.ts";
import { openkerb, rowsOf } from "./openkerb.ts";
import type { Row } from "./row.ts";
import { syntheticSeries } from "./synthetic-series.ts";

/** NAB writes times with a space and microseconds. */
const timeOf = (text: string): number => Date.parse(`${text.replace(" ", "T").replace(/\.\d+$/, "")}Z`);

async function scored(
  name: string,
  csv: string,
  windowsOf: (times: readonly number[]) => Scored["windows"],
): Promise<Scored> {
  const rows = rowsOf(await openkerb(["air", "anomalies"], csv));
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
  return rows;
}

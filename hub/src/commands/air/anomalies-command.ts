import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { anomalyDetector } from "../../air/anomaly/detector.ts";
import { csvLine, inputOf, numberIn, readCsv, write } from "./csv.ts";
import { timeIn, timeNames } from "./series.ts";

export const help = `openkerb air anomalies < series.csv > scores.csv

Reads timestamp,value as it comes and writes timestamp,value,anomaly_score for each row before it reads the next one: one
pass, no look-ahead, no settings, bounded memory. The first column may as well be called time, datetime or date. The score
runs from 0 to below 1; from about 0.47 on it begins an event, whose following rows score 0 until it is over. The first
hundred rows teach the detector what is usual.`;

const where = "standard input";

export async function run(args: readonly string[]): Promise<void> {
  parseArgs({ args: [...args], options: {} });
  const { heading, rows } = await readCsv(inputOf("-"), [], where);
  const lower = heading.map((name) => name.toLowerCase());
  const [time, value] = [lower.findIndex((name) => timeNames.includes(name)), lower.indexOf("value")];
  if (time === -1 || value === -1)
    throw new Trouble(
      `${where} has no heading with timestamp and value (it begins with ${heading.join(", ")})`,
      "The first line must name the columns: timestamp,value",
    );
  const detect = anomalyDetector();
  await write("timestamp,value,anomaly_score\n");
  for await (const row of rows) {
    const score = detect(timeIn(row, time, where), numberIn(row.cells[value]!, "value", row.line, where));
    await write(csvLine([row.cells[time]!, row.cells[value]!, Number(score.toFixed(9))]));
  }
}

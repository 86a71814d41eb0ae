import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { fraction, parseFraction } from "../../air/fraction.ts";
import { o3NowCast } from "../../air/o3-nowcast.ts";
import { type NowCast, pmNowCast } from "../../air/pm-nowcast.ts";
import { hour } from "../../air/timestamp.ts";
import { inputOf, write } from "./csv.ts";
import { readSeries } from "./series.ts";

export const help = `openkerb air nowcast --pollutant pm25|pm10|o3 [--json] < hours.csv

Reads hourly means as time,value, oldest first (ug/m3 for particles, ppb for ozone; NA or a left-out hour is missing) and
prints the NowCast of the last hour, or NA and the reason. --json adds the value before it is cut off, and the method.`;

const where = "standard input";
/** More than any NowCast looks back: two weeks of ozone, and two hours before them. */
const kept = 400;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { pollutant: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const { pollutant } = values;
  if (pollutant !== "pm25" && pollutant !== "pm10" && pollutant !== "o3")
    throw new Trouble("Which pollutant?", "Give --pollutant pm25, pm10 or o3.");
  const hours: (string | undefined)[] = [];
  let before: number | undefined;
  for await (const { at, value, text, row } of readSeries(inputOf("-"), where)) {
    if (before !== undefined) {
      const steps = (at - before) / hour;
      if (steps === 0)
        throw new Trouble(
          `${where}, line ${row.line}: the same time as the row before`,
          "Write times with their zone, or in one zone all year: in autumn an hour comes twice.",
        );
      if (steps < 0 || !Number.isInteger(steps))
        throw new Trouble(
          `${where}, line ${row.line}: not a whole number of hours after the row before`,
          "Give hourly means, oldest first.",
        );
      // Hours that were left out are missing hours, not hours that did not happen.
      for (let i = 1; i < Math.min(steps, kept); i++) hours.push(undefined);
    }
    before = at;
    hours.push(value === undefined ? undefined : text);
    if (hours.length > 2 * kept) hours.splice(0, hours.length - kept);
  }
  if (hours.length === 0) throw new Trouble(`${where} has no hours`);
  const nowcast: NowCast =
    pollutant === "o3"
      ? o3NowCast(hours.map((text) => (text === undefined ? undefined : Number(text))))
      : pmNowCast(
          hours.map((text) => (text === undefined ? undefined : (parseFraction(text) ?? fraction(Number(text))))),
          pollutant,
        );
  if (values.json) await write(`${JSON.stringify({ pollutant, ...nowcast })}\n`);
  else await write(nowcast.kind === "value" ? `${nowcast.value}\n` : `NA ${nowcast.why}\n`);
}

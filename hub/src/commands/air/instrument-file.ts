import { Trouble } from "@openkerb/contract";
import type { Reading } from "../../air/colocation/pairs.ts";
import { parseTime } from "../../air/timestamp.ts";
import { inputOf, isMissing, numberIn, readCsv } from "./csv.ts";
import { timeNames } from "./series.ts";

/** A column by its name, or by how its name begins: `O3` finds `O3 (ppb)`. */
const columnOf = (heading: readonly string[], name: string): number => {
  const exact = heading.indexOf(name);
  return exact !== -1 ? exact : heading.findIndex((h) => h.toLowerCase().startsWith(name.toLowerCase()));
};
const timeOf = (heading: readonly string[]): number => heading.findIndex((h) => timeNames.includes(h.toLowerCase()));

/** AirNow-Tech exports one row for each parameter and hour, with local standard time in two columns. */
const isAirNow = (heading: readonly string[]): boolean =>
  ["Param", "Value", "Date (LST)", "Time (LST)", "QC Code"].every((name) => heading.includes(name));

/**
 * Reads one quantity out of a file: `time,value`; a wide table with one column for each quantity (also below a preamble);
 * or an AirNow-Tech export, where `column` names the parameter. A missing `column` is allowed where only one can be meant.
 */
export async function readInstrument(path: string, column: string | undefined): Promise<Reading[]> {
  const value = (heading: readonly string[]): number => {
    if (column !== undefined) return columnOf(heading, column);
    const plain = heading.findIndex((h) => h.toLowerCase() === "value");
    return plain === -1 && heading.length === 2 ? 1 - timeOf(heading) : plain;
  };
  const { heading, rows } = await readCsv(
    inputOf(path),
    (h) => isAirNow(h) || (timeOf(h) !== -1 && h.length > 1),
    path,
  );
  const readings: Reading[] = [];
  const airNow = isAirNow(heading);
  const at = airNow ? heading.indexOf("Value") : value(heading);
  if (at === -1)
    throw new Trouble(
      column === undefined ? `Which column of ${path}?` : `${path} has no column "${column}".`,
      `It has ${heading.filter((_, i) => i !== timeOf(heading)).join(", ")}: name one with --sensor-column or --reference-column.`,
    );
  const params = new Set<string>();
  const cell = (cells: readonly string[], name: string) => cells[heading.indexOf(name)]!;
  for await (const { cells, line } of rows) {
    if (airNow) {
      const param = cell(cells, "Param");
      params.add(param);
      if (column !== undefined && param !== column && !param.startsWith(`${column}-`)) continue;
    }
    const time = airNow ? `${cell(cells, "Date (LST)")} ${cell(cells, "Time (LST)")}` : cells[timeOf(heading)]!;
    const moment = parseTime(time);
    if (moment === undefined) throw new Trouble(`${path}, line ${line}: "${time}" is not a time`);
    // AirNow marks what its own quality control refused with a code other than 0.
    const refused = airNow && cell(cells, "QC Code") !== "0";
    readings.push({ at: moment, value: refused ? undefined : numberIn(cells[at]!, heading[at]!, line, path) });
  }
  if (airNow && (column === undefined ? params.size > 1 : readings.length === 0))
    throw new Trouble(
      `Which parameter of ${path}?`,
      `It has ${[...params].join(", ")}: name one with --reference-column.`,
    );
  if (readings.every(({ value: v }) => v === undefined))
    throw new Trouble(`${path} has no values${isMissing(column ?? "") ? "" : ` of ${column}`}.`);
  return readings.sort((a, b) => a.at - b.at);
}

import { Trouble } from "@openkerb/contract";
import { parseTime } from "../../air/timestamp.ts";
import { isMissing, numberIn, type Row, readCsv } from "./csv.ts";

/** One row of a series; `at` is in milliseconds, `text` the value as written. */
export type Point = {
  readonly at: number;
  readonly value: number | undefined;
  readonly text: string;
  readonly row: Row;
};

/** The column to read: the one asked for, else the first of the usual names that the heading has. */
const chosen = (
  heading: readonly string[],
  asked: string | undefined,
  usual: readonly string[],
  what: string,
  where: string,
): number => {
  const lower = heading.map((name) => name.toLowerCase());
  const at = asked !== undefined ? heading.indexOf(asked) : lower.findIndex((name) => usual.includes(name));
  if (at !== -1) return at;
  throw new Trouble(
    `${where} has no ${what} column${asked === undefined ? "" : ` "${asked}"`}: it has ${heading.join(", ")}.`,
    asked === undefined ? `Name the column ${usual.join(" or ")}.` : "Name one of those.",
  );
};

export const timeNames = ["time", "timestamp", "datetime", "date"];

/** Reads `time,value` in the file's order; a time that is not one is named by its line. */
export async function* readSeries(
  input: AsyncIterable<Buffer | string>,
  where: string,
  needed: readonly string[] = [],
  column?: string,
): AsyncGenerator<Point> {
  const { heading, rows } = await readCsv(input, needed, where);
  const time = chosen(heading, undefined, timeNames, "time", where);
  const value = chosen(heading, column, ["value"], "value", where);
  for await (const row of rows) {
    const text = row.cells[value]!;
    yield { at: timeIn(row, time, where), value: numberIn(text, heading[value]!, row.line, where), text, row };
  }
}

/**
 * The time of a row. A small whole number is so many hours, so that an example can be typed by hand, or so many seconds
 * where the reader says so (as ioos_qc counts).
 */
export function timeIn({ line, cells }: Row, column: number, where: string, unit = 3_600_000): number {
  const cell = cells[column]!.replace(/^Timestamp\('(.*)'\)$/, "$1");
  const at = /^\d{1,7}(\.\d+)?$/.test(cell) ? Number(cell) * unit : parseTime(cell);
  if (at === undefined || isMissing(cell))
    throw new Trouble(`${where}, line ${line}: "${cell}" is not a time`, "Write 2026-11-23T08:00:00Z.");
  return at;
}

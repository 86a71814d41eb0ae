import { parseTime } from "../timestamp.ts";
import type { Reading } from "./pairs.ts";

export type ReferenceTable =
  | { readonly kind: "table"; readonly readings: readonly Reading[] }
  /** A sentence that names the line. */
  | { readonly kind: "wrong"; readonly why: string };

const nothing = /^(|na|nan|n\/a|null|none|nat|-)$/i;
const bare = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, "")
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();

/** Reads `time,value` of a reference instrument; further columns are passed over. Lines count from 1 with the heading. */
export function readReferenceTable(text: string): ReferenceTable {
  const wrong = (why: string): ReferenceTable => ({ kind: "wrong", why });
  const lines = text.split(/\r?\n/);
  const top = lines.findIndex((line) => line.trim() !== "");
  const heading = (lines[top] ?? "").split(",").map((name) => bare(name).toLowerCase());
  const [time, value] = [heading.indexOf("time"), heading.indexOf("value")];
  if (time === -1 || value === -1) return wrong(`line ${Math.max(1, top + 1)}: the heading must name time and value`);
  const readings: Reading[] = [];
  for (let i = top + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === "") continue;
    const cells = line.split(",").map(bare);
    if (cells.length !== heading.length)
      return wrong(`line ${i + 1}: ${cells.length} cells where the heading has ${heading.length}`);
    const at = parseTime(cells[time] as string);
    if (at === undefined) return wrong(`line ${i + 1}: "${(cells[time] as string).slice(0, 40)}" is not a time`);
    const written = cells[value] as string;
    if (nothing.test(written)) continue;
    const number = Number(written);
    if (!Number.isFinite(number)) return wrong(`line ${i + 1}: "${written.slice(0, 40)}" is not a number`);
    readings.push({ at, value: number });
  }
  if (readings.length === 0) return wrong("there is no value in the table");
  return { kind: "table", readings: readings.sort((a, b) => a.at - b.at) };
}

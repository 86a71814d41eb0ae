import { type Sentence, say } from "@openkerb/contract";
import { parseFraction } from "../fraction.ts";
import { parseTime } from "../timestamp.ts";
import type { Reading } from "./pairs.ts";

export type ReferenceTable =
  | { readonly kind: "table"; readonly readings: readonly Reading[] }
  /** A sentence that names the line. */
  | { readonly kind: "wrong"; readonly why: Sentence };

const nothing = /^(|na|nan|n\/a|null|none|nat|-)$/i;
const bare = (cell: string): string =>
  cell
    .replace(/^\uFEFF/, "")
    .trim()
    .replace(/^"(.*)"$/, "$1")
    .trim();

/**
 * Reads `time,value` of a reference instrument; further columns are passed over. Lines count from 1 with the heading. A row
 * that was written twice counts once; a time with two values is refused.
 */
export function readReferenceTable(text: string): ReferenceTable {
  const wrong = (why: Sentence): ReferenceTable => ({ kind: "wrong", why });
  const lines = text.split(/\r?\n/);
  const top = lines.findIndex((line) => line.trim() !== "");
  const heading = (lines[top] ?? "").split(",").map((name) => bare(name).toLowerCase());
  const [time, value] = [heading.indexOf("time"), heading.indexOf("value")];
  if (time === -1 || value === -1) return wrong(say("table.heading", { line: Math.max(1, top + 1) }));
  // An hour that comes twice, as in the night when a clock without a zone goes back, would have two truths.
  const given = new Map<number, { readonly value: number; readonly line: number }>();
  for (let i = top + 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === "") continue;
    const cells = line.split(",").map(bare);
    if (cells.length !== heading.length)
      return wrong(say("table.cells", { line: i + 1, cells: cells.length, heading: heading.length }));
    const at = parseTime(cells[time] as string);
    if (at === undefined)
      return wrong(say("table.no-time", { line: i + 1, cell: (cells[time] as string).slice(0, 40) }));
    const written = cells[value] as string;
    if (nothing.test(written)) continue;
    const number = Number(written);
    if (!Number.isFinite(number) || parseFraction(written) === undefined)
      return wrong(say("table.no-number", { line: i + 1, cell: written.slice(0, 40) }));
    const before = given.get(at);
    if (before && before.value !== number) return wrong(say("table.twice", { line: i + 1, before: before.line }));
    if (!before) given.set(at, { value: number, line: i + 1 });
  }
  if (given.size === 0) return wrong(say("table.empty"));
  const readings = [...given].map(([at, { value: measured }]): Reading => ({ at, value: measured }));
  return { kind: "table", readings: readings.sort((a, b) => a.at - b.at) };
}

import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Trouble } from "@openkerb/contract";

/** One row of a CSV file; `line` counts from 1 and the heading is line 1, as an editor shows it. */
export type Row = { readonly line: number; readonly cells: readonly string[] };
export type Table = { readonly heading: readonly string[]; readonly rows: AsyncIterable<Row> };

/** Splits one row at its commas; a quoted cell may hold commas and doubled quotes. `open` when its last one is not closed. */
function splitRow(text: string): { readonly cells: string[]; readonly open: boolean } {
  if (!text.includes('"')) return { cells: text.split(","), open: false };
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (quoted && char === '"' && text[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (char === '"' && (quoted || bare(cell) === "")) quoted = !quoted;
    else if (char === "," && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  cells.push(cell);
  return { cells, open: quoted };
}

/** Writes one row, quoting only the cells that need it. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map((c) => (/[",\n\r]/.test(String(c)) ? `"${String(c).replaceAll('"', '""')}"` : c)).join(",")}\n`;

/** So many lines may one quoted cell go over: more is a quote that was never closed. */
const longestCell = 100;

/** Rows of cells, also where a quoted cell goes over several lines; the number is that of the first. */
async function* rowsOf(input: AsyncIterable<Buffer | string>, where: string): AsyncGenerator<Row> {
  let open: { readonly line: number; text: string; lines: number } | undefined;
  for await (const { line, text } of linesOf(input)) {
    const whole = open ? `${open.text}\n${text}` : text;
    const row = splitRow(whole);
    if (!row.open) {
      yield { line: open?.line ?? line, cells: row.cells };
      open = undefined;
    } else if ((open?.lines ?? 0) >= longestCell) break;
    else open = { line: open?.line ?? line, text: whole, lines: (open?.lines ?? 0) + 1 };
  }
  if (open) throw new Trouble(`${where}, line ${open.line}: a quoted cell is never closed`);
}

// Blank lines are kept back so that a row's number is the one its editor shows.
async function* linesOf(input: AsyncIterable<Buffer | string>): AsyncGenerator<{ line: number; text: string }> {
  const decoder = new TextDecoder();
  let rest = "";
  let line = 0;
  for await (const chunk of input) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const text of lines) yield { line: ++line, text: text.replace(/\r$/, "") };
  }
  rest += decoder.decode();
  if (rest !== "") yield { line: ++line, text: rest.replace(/\r$/, "") };
}

const bare = (cell: string): string => cell.replace(/^\uFEFF/, "").trim();

/**
 * Reads a CSV file row by row without holding it. The heading is the first line that names all `needed` columns, so that
 * instruments which print a preamble above their table can be read as they are. With `anyCase` they may be capitals.
 */
export async function readCsv(
  input: AsyncIterable<Buffer | string>,
  needed: readonly string[] | ((heading: readonly string[]) => boolean),
  where: string,
  { anyCase = false } = {},
): Promise<Table> {
  const named = (name: string) => (anyCase ? name.toLowerCase() : name);
  const fits = (heading: readonly string[]) =>
    typeof needed === "function" ? needed(heading) : needed.every((name) => heading.map(named).includes(name));
  const rows = rowsOf(input, where);
  let first: readonly string[] | undefined;
  for (let tries = 0; tries < 50; tries++) {
    const next = await rows.next();
    if (next.done) break;
    if (isBlank(next.value)) continue;
    const heading = next.value.cells.map(bare);
    first ??= heading;
    if (!fits(heading)) continue;
    const read = typeof needed === "function" ? [] : [...needed, "value"];
    const twice = heading.map(named).find((name, i, all) => read.includes(name) && all.indexOf(name) !== i);
    if (twice !== undefined)
      throw new Trouble(`${where}: two columns are called "${twice}"`, "Give each column a name of its own.");
    return { heading, rows: rowsBelow(heading.length, rows, where) };
  }
  const names = typeof needed === "function" ? "the columns it should have" : needed.join(", ");
  throw new Trouble(
    first ? `${where} has no heading with ${names} (it begins with ${first.join(", ")})` : `${where} is empty`,
    (first && oddText(first.join(","))) ??
      (typeof needed === "function" ? undefined : `The first line must name the columns: ${names}`),
  );
}

/** What a heading looks like when the file is another kind of text than ours. */
const oddText = (heading: string): string | undefined =>
  /[\0\uFFFD]/.test(heading)
    ? "It is not UTF-8 text: save it as CSV UTF-8."
    : heading.includes("\r")
      ? "Its lines end with a carriage return alone: save it with line feeds."
      : heading.includes(";") || heading.includes("\t")
        ? "Its cells are not separated by commas: save it with commas, and decimal points."
        : undefined;

const isBlank = ({ cells }: Row): boolean => cells.length === 1 && cells[0]!.trim() === "";

async function* rowsBelow(width: number, rows: AsyncIterable<Row>, where: string): AsyncGenerator<Row> {
  for await (const row of rows) {
    if (isBlank(row)) continue;
    const cells = row.cells.map(bare);
    if (cells.length !== width)
      throw new Trouble(`${where}, line ${row.line}: ${cells.length} cells where the heading has ${width}`);
    yield { line: row.line, cells };
  }
}

/** The words that stand for a missing value in the files of this trade. */
export const isMissing = (cell: string): boolean => /^(|na|nan|n\/a|null|none|nat)$/i.test(cell);

/** A number as people write one; `0x10` and the like are none. */
export const isNumber = (cell: string): boolean =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell) && Number.isFinite(Number(cell));

/** A number, `undefined` for a missing one; anything else is the writer's mistake. */
export function numberIn(cell: string, column: string, line: number, where: string): number | undefined {
  if (isMissing(cell)) return undefined;
  const value = Number(cell);
  if (!isNumber(cell)) throw new Trouble(`${where}, line ${line}: ${column} "${cell}" is not a number`);
  return value;
}

async function* fileAt(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new Trouble(`${path} cannot be read.`, "Is the name right, and is it a file?", { cause });
  }
}

/** A file by its path, or standard input for nothing or `-`. A file that cannot be read is named. */
export const inputOf = (path: string | undefined): AsyncIterable<Buffer | string> =>
  path === undefined || path === "-" ? process.stdin : fileAt(path);

/** Writes a file that was asked for; where that is not possible, it says which. */
export async function writeTo(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new Trouble(`${path} cannot be written.`, "Does its folder exist, and may you write there?", { cause });
  });
}

/** Writes without outrunning whoever reads, and stops quietly when the reader has gone. */
export async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    // Both are taken off again: over millions of rows what is left of each wait would pile up.
    const go = () => {
      stdout.off("drain", go);
      stdout.off("close", go);
      resolve();
    };
    stdout.on("drain", go);
    stdout.on("close", go);
  });
}

import { createReadStream } from "node:fs";
import { Trouble } from "@openkerb/contract";

/** One row of a CSV file; `line` counts from 1 and the heading is line 1, as an editor shows it. */
export type Row = { readonly line: number; readonly cells: readonly string[] };
export type Table = { readonly heading: readonly string[]; readonly rows: AsyncIterable<Row> };

/** Splits one line at its commas; a quoted cell may hold commas and doubled quotes. */
export function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quoted && char === '"' && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (char === '"') quoted = !quoted;
    else if (char === "," && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += char;
  }
  cells.push(cell);
  return cells;
}

/** Writes one row, quoting only the cells that need it. */
export const csvLine = (cells: readonly (string | number)[]): string =>
  `${cells.map((c) => (/[",\n\r]/.test(String(c)) ? `"${String(c).replaceAll('"', '""')}"` : c)).join(",")}\n`;

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
 * instruments which print a preamble above their table can be read as they are.
 */
export async function readCsv(
  input: AsyncIterable<Buffer | string>,
  needed: readonly string[] | ((heading: readonly string[]) => boolean),
  where: string,
): Promise<Table> {
  const fits = (heading: readonly string[]) =>
    typeof needed === "function" ? needed(heading) : needed.every((name) => heading.includes(name));
  const lines = linesOf(input);
  let first: readonly string[] | undefined;
  for (let tries = 0; tries < 50; tries++) {
    const next = await lines.next();
    if (next.done) break;
    if (next.value.text.trim() === "") continue;
    const heading = cellsOf(next.value.text).map(bare);
    first ??= heading;
    if (!fits(heading)) continue;
    return { heading, rows: rowsBelow(heading.length, lines, where) };
  }
  const names = typeof needed === "function" ? "the columns it should have" : needed.join(", ");
  throw new Trouble(
    first ? `${where} has no heading with ${names} (it begins with ${first.join(", ")})` : `${where} is empty`,
    typeof needed === "function" ? undefined : `The first line must name the columns: ${names}`,
  );
}

async function* rowsBelow(
  width: number,
  lines: AsyncIterable<{ line: number; text: string }>,
  where: string,
): AsyncGenerator<Row> {
  for await (const { line, text } of lines) {
    if (text.trim() === "") continue;
    const cells = cellsOf(text).map(bare);
    if (cells.length !== width)
      throw new Trouble(`${where}, line ${line}: ${cells.length} cells where the heading has ${width}`);
    yield { line, cells };
  }
}

/** The words that stand for a missing value in the files of this trade. */
export const isMissing = (cell: string): boolean => /^(|na|nan|n\/a|null|none|nat)$/i.test(cell);

/** A number, `undefined` for a missing one; anything else is the writer's mistake. */
export function numberIn(cell: string, column: string, line: number, where: string): number | undefined {
  if (isMissing(cell)) return undefined;
  const value = Number(cell);
  if (!Number.isFinite(value)) throw new Trouble(`${where}, line ${line}: ${column} "${cell}" is not a number`);
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

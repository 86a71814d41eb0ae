import { Trouble } from "@openkerb/contract";
import type { Box } from "@openkerb/vision";

/** One line of MOTChallenge 2015 text: frames count from 1, boxes are left, top, width, height in pixels. */
export type MotRow = { readonly frame: number; readonly id: number; readonly box: Box; readonly score: number };

const columns = "frame, id, left, top, width, height, score";

/**
 * Reads MOTChallenge text: numbers separated by commas or blanks, at least the first six; a missing score is 1, further
 * columns do not matter. Rows may be in any order. Throws Trouble that names the line of the first bad row.
 */
export function parseMot(text: string, file: string): MotRow[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === "") return [];
    const cells = line.trim().split(/\s*[,;]\s*|\s+/);
    const bad = (what: string): Trouble =>
      new Trouble(`line ${at + 1} of ${file} ${what}`, `A row is: ${columns}. Nothing was tracked.`);
    if (cells.length < 6) throw bad(`has ${cells.length} of the 6 numbers it needs`);
    const numbers = cells.slice(0, 7).map((cell) => (cell === "" ? Number.NaN : Number(cell)));
    const wrong = numbers.findIndex((n) => !Number.isFinite(n));
    if (wrong >= 0) throw bad(`has “${cells[wrong]!.slice(0, 20)}” as its ${columns.split(", ")[wrong]}`);
    const [frame, id, x, y, w, h, score = 1] = numbers as [number, number, number, number, number, number, number?];
    if (!Number.isInteger(frame) || frame < 0) throw bad(`has ${frame} as its frame, which is a whole number from 1`);
    if (w <= 0 || h <= 0) throw bad(`has a box of ${w} by ${h}`);
    return [{ frame, id, box: [x, y, w, h], score }];
  });
}

export const formatMot = ({ frame, id, box, score }: MotRow): string =>
  `${frame},${id},${box.map((side) => side.toFixed(2)).join(",")},${score.toFixed(4)},-1,-1,-1`;

import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type CameraId, type Instant, millis, Trouble } from "@openkerb/contract";
import { belief } from "../tracks/belief.ts";
import { motRows } from "../tracks/mot-rows.ts";
import { formatMot, type MotRow, parseMot } from "../tracks/mot-text.ts";
import { createTracker } from "../tracks/tracker.ts";

export const summary = "follow objects through the detections of a file (MOTChallenge text)";

export const help = `openkerb track --detections FILE --fps N [--out FILE]
  Runs the agent's tracker over detections that are already there. Both files are MOTChallenge 2015 text, one box a
  line: frame (from 1), id, left, top, width, height, score, and three columns that do not matter.
    --detections FILE    what was found; ids are ignored, rows may be in any order, frames may be empty
    --fps N              frames a second of the clip: motion is measured in real time
    --out FILE           where the tracks go; standard output when absent
  Scores may be on any scale. The tracker decides frame by frame as it does on a camera; the file is made afterwards,
  so a track begins with its first sighting and gaps of up to 1.5 s are bridged by a straight line.`;

/** What is below this share of the file's own scale is noise, even for continuing a track. */
const noise = 0.1;
/** Seconds without any detection after which nothing is left to follow. */
const forgotten = 4;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { detections: { type: "string" }, fps: { type: "string" }, out: { type: "string" } },
  });
  const { detections: file, out } = values;
  if (file === undefined) throw new Trouble("Which detections?", "openkerb track --detections FILE --fps N --out FILE");
  const fps = Number(values.fps);
  if (!(fps > 0 && fps <= 1000))
    throw new Trouble(
      values.fps === undefined ? "How many frames a second has the clip?" : `--fps ${values.fps} is no frame rate`,
      "Say it with --fps, for example --fps 25.",
    );
  const text = await readFile(file, { encoding: "utf8", signal }).catch((cause: NodeJS.ErrnoException) => {
    signal.throwIfAborted();
    throw new Trouble(`${file} cannot be read: ${cause.code ?? cause.message}`, undefined, { cause });
  });
  const rows = trackFile(parseMot(text, file), fps);
  const lines = rows.map((row) => `${formatMot(row)}\n`).join("");
  if (out === undefined) process.stdout.write(lines);
  else
    await writeFile(out, lines, { signal }).catch((cause: NodeJS.ErrnoException) => {
      signal.throwIfAborted();
      throw new Trouble(`${out} cannot be written: ${cause.code ?? cause.message}`, undefined, { cause });
    });
}

/** Detections in, tracks out, both as rows; the ids of the detections do not matter. */
export function trackFile(detections: readonly MotRow[], fps: number): MotRow[] {
  const believe = belief(detections.map(({ score }) => score));
  const byFrame = new Map<number, MotRow[]>();
  for (const row of detections) {
    const there = byFrame.get(row.frame);
    if (there) there.push(row);
    else byFrame.set(row.frame, [row]);
  }
  const track = createTracker({ sure: 0.5 });
  const rows = motRows();
  const made: MotRow[] = [];
  // What the rows call frame n is the frame of this number.
  const numbers: number[] = [];
  let before: number | undefined;
  // Nothing is known of the picture but what is in it; a foot's share of it is of no use here.
  const picture = { width: 1, height: 1 };
  const take = (found: readonly MotRow[]): void => {
    for (const row of found) made.push({ ...row, frame: numbers[row.frame - 1]! });
  };
  for (const last of [...byFrame.keys()].sort((a, b) => a - b)) {
    const first = before === undefined ? last : Math.min(last, before + 1);
    for (let frame = first; frame <= last; frame++) {
      // A hole of hours in the numbers is not walked through step by step.
      if (frame < last && before !== undefined && frame - before > forgotten * fps) frame = last;
      numbers.push(frame);
      const pts = millis((frame * 1000) / fps);
      const found = (byFrame.get(frame) ?? []).flatMap(({ box, score }) => {
        const sure = believe(score);
        return sure < noise ? [] : [{ label: "person" as const, score: sure, box }];
      });
      const scene = track({ pts, ...picture, detections: found });
      take(rows.add({ camera: "file" as CameraId, at: pts as number as Instant, pts, ...picture, ...scene }));
    }
    before = last;
  }
  take(rows.end());
  return made;
}

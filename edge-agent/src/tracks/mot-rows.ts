import type { Millis } from "@openkerb/contract";
import type { MotRow } from "./mot-text.ts";
import { between } from "./motion.ts";
import type { Scene, Track } from "./scene.ts";

/** Milliseconds without a sighting that are bridged by a straight line. */
const bridged = 1500;
/** A frame is told when nothing can be added to it any more: after this long and this many frames. */
const [heldFor, heldFrames] = [3000, 12];

type Place = { readonly frame: number; readonly pts: Millis; readonly track: Pick<Track, "box" | "score"> };

/**
 * Makes lines of scenes, for files that are read afterwards: a track begins with its first sighting, also those from
 * before it was sure, and short gaps are bridged, which needs a look ahead; so rows come some seconds late, in the
 * order of frames and ids. What is only predicted is not written. Frames count the scenes from 1.
 */
export function motRows(wanted: (track: Track) => boolean = () => true): {
  readonly add: (scene: Scene) => readonly MotRow[];
  readonly end: () => readonly MotRow[];
} {
  let frames: { readonly number: number; readonly pts: Millis; readonly rows: MotRow[] }[] = [];
  let count = 0;
  const last = new Map<number, Place>();

  const put = (id: number, { frame, track }: Place): void => {
    frames.find(({ number }) => number === frame)?.rows.push({ frame, id, box: track.box, score: track.score });
  };

  const see = (id: number, place: Place): void => {
    const before = last.get(id);
    if (before && place.pts - before.pts <= bridged)
      for (const { number, pts } of frames) {
        if (number <= before.frame || number >= place.frame) continue;
        const share = (pts - before.pts) / (place.pts - before.pts);
        const box = between(before.track.box, place.track.box, share);
        put(id, { frame: number, pts, track: { box, score: Math.min(before.track.score, place.track.score) } });
      }
    put(id, place);
    last.set(id, place);
  };

  const tell = (over: (frame: { number: number; pts: Millis }) => boolean): readonly MotRow[] => {
    const told = frames.filter(over);
    frames = frames.filter((frame) => !over(frame));
    return told.flatMap(({ rows }) => rows.sort((a, b) => a.id - b.id));
  };

  return {
    add({ tracks, gone, pts }) {
      count++;
      frames.push({ number: count, pts, rows: [] });
      for (const track of tracks) {
        if (!wanted(track)) continue;
        for (const sighting of track.earlier) {
          const frame = frames.find((f) => f.pts === sighting.pts);
          if (frame) see(track.id, { frame: frame.number, pts: frame.pts, track: sighting });
        }
        if (track.seen) see(track.id, { frame: count, pts, track });
      }
      for (const id of gone) last.delete(id);
      return tell((frame) => pts - frame.pts > heldFor && count - frame.number > heldFrames);
    },
    end: () => tell(() => true),
  };
}

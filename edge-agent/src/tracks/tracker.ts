import type { Millis, RoadClass } from "@openkerb/contract";
import { type Box, type Detection, iou } from "@openkerb/vision";
import { assign } from "./assign.ts";
import { begin, between, boxOf, correct, type Motion, predict, sizeOf } from "./motion.ts";
import type { Sighting, Track } from "./scene.ts";

export const X = {
  low: 0.1,
  sure: 0.5,
  gate: 0.2,
  gateLow: 0.4,
  gateAgain: 0.3,
  keep: 2.0,
  hits: 3,
  tentKeep: 0.25,
  far: 4,
  show: 0.5,
  oru: 1,
  fuzz: 1,
  dirW: 0.0,
  fast: 1,
  ocr: 1,
  nms: 0.7,
  lowFps: 0.15,
  again: 1,
  maxAspect: 2,
};
export type TrackerSettings = { readonly sure?: number };
export type Look = {
  readonly pts: Millis;
  readonly width: number;
  readonly height: number;
  readonly detections: readonly Detection[];
};
export type Followed = { readonly tracks: readonly Track[]; readonly gone: readonly number[] };

type Trail = {
  id: number;
  motion: Motion;
  saved: Motion;
  last: Box;
  score: number;
  lastSeen: number;
  hits: number;
  missed: number;
  confirmed: boolean;
  earlier: Sighting[];
  votes: Map<RoadClass, number>;
  group: number;
  shown: boolean;
  v: [number, number];
};
const groupOf: Record<RoadClass, number> = { person: 0, bicycle: 1, motorcycle: 1, car: 2, bus: 2, truck: 2 };

const clone = (m: Motion): Motion => ({ cx: { ...m.cx }, cy: { ...m.cy }, w: { ...m.w }, h: { ...m.h } });

export function createTracker(settings: TrackerSettings = {}): (look: Look) => Followed {
  const sure = settings.sure ?? X.sure;
  let trails: Trail[] = [];
  let nextId = 1;
  let nextTentative = -1;
  let before: number | undefined;

  return ({ pts, width, height, detections }) => {
    const dt = before === undefined ? 0 : Math.max(0, (pts - before) / 1000);
    before = pts;
    for (const t of trails) predict(t.motion, dt);
    const clean: Detection[] = [];
    for (const d of [...detections].sort((a, b) => b.score - a.score))
      if (d.score >= X.low && !clean.some((c) => groupOf[c.label] === groupOf[d.label] && iou(c.box, d.box) > X.nms))
        clean.push(d);
    let high = clean.filter((d) => d.score >= sure);
    let low = clean.filter((d) => d.score < sure);
    const matched = new Map<Trail, Detection>();
    const fastOnes = new Set<Trail>();

    const match = (
      who: Trail[],
      dets: Detection[],
      limit: number,
      cost: (t: Trail, d: Detection, p: Box) => number,
      then?: (t: Trail, d: Detection) => void,
    ) => {
      const c = new Float64Array(who.length * dets.length);
      who.forEach((t, i) => {
        const p = boxOf(t.motion);
        dets.forEach((d, j) => {
          c[i * dets.length + j] = groupOf[d.label] !== t.group ? Infinity : cost(t, d, p);
        });
      });
      assign(c, who.length, dets.length, limit).forEach((j, i) => {
        if (j >= 0) {
          matched.set(who[i]!, dets[j]!);
          then?.(who[i]!, dets[j]!);
        }
      });
      const used = new Set(matched.values());
      return dets.filter((d) => !used.has(d));
    };
    const free = (f: (t: Trail) => boolean) => trails.filter((t) => !matched.has(t) && f(t));
    const overlap = (gate: number) => (t: Trail, d: Detection, p: Box) => {
      const grow =
        X.fuzz *
        Math.min(0.5 * sizeOf(t.motion.w.x, t.motion.h.x), Math.sqrt(Math.max(t.motion.cx.xx, t.motion.cy.xx)));
      const o = iou(wide(p, grow), wide(d.box, grow));
      if (o < gate) return Infinity;
      let c = 1 - o;
      if (X.dirW && t.hits > 2) {
        const s = sizeOf(d.box[2], d.box[3]);
        const dx = d.box[0] + d.box[2] / 2 - t.last[0] - t.last[2] / 2,
          dy = d.box[1] + d.box[3] / 2 - t.last[1] - t.last[3] / 2;
        const n = Math.hypot(dx, dy),
          vn = Math.hypot(t.v[0], t.v[1]);
        if (n > 0.1 * s && vn > 0.2 * s)
          c += (X.dirW * Math.acos(Math.max(-1, Math.min(1, (dx * t.v[0] + dy * t.v[1]) / n / vn)))) / Math.PI;
      }
      return c;
    };
    high = match(
      free((t) => t.confirmed),
      high,
      1,
      overlap(X.gate),
    );
    low = match(
      free((t) => t.confirmed && t.missed === 0),
      low,
      1,
      overlap(X.gateLow),
    );
    high = match(
      free((t) => !t.confirmed),
      high,
      1,
      overlap(X.gateAgain),
    );
    if (X.ocr)
      high = match(
        free((t) => t.confirmed),
        high,
        1,
        (t, d) => {
          const o = iou(t.last, d.box);
          return o < X.gateAgain ? Infinity : 1 - o;
        },
      );
    if (X.fast)
      high = match(
        free((t) => !t.confirmed),
        high,
        X.far * 2,
        (t, d) => {
          const s = sizeOf(t.last[2], t.last[3]);
          const dw = d.box[2] / t.last[2],
            dh = d.box[3] / t.last[3];
          if (Math.max(dw, 1 / dw, dh, 1 / dh) > 1.5) return Infinity;
          const r =
            Math.hypot(
              d.box[0] + d.box[2] / 2 - t.last[0] - t.last[2] / 2,
              d.box[1] + d.box[3] / 2 - t.last[1] - t.last[3] / 2,
            ) / s;
          return r > X.far ? Infinity : r;
        },
        (t) => fastOnes.add(t),
      );

    const gone: number[] = [];
    const alive: Trail[] = [];
    for (const t of trails) {
      const d = matched.get(t);
      if (d) {
        if (fastOnes.has(t)) {
          t.motion = between(t.last, d.box, Math.max(0.001, (pts - t.lastSeen) / 1000));
          if (t.hits > 1) {
            t.earlier = t.earlier.slice(-1);
            t.hits = 1;
          }
        } else {
          if (X.oru && t.missed > 0) {
            const n = t.missed + 1,
              step = (pts - t.lastSeen) / 1000 / n;
            t.motion = t.saved;
            for (let i = 1; i <= n; i++) {
              predict(t.motion, step);
              correct(t.motion, t.last.map((x, k) => x + ((d.box[k]! - x) * i) / n) as unknown as Box);
            }
          } else correct(t.motion, d.box);
        }
        t.v = [
          0.7 * t.v[0] + d.box[0] + d.box[2] / 2 - t.last[0] - t.last[2] / 2,
          0.7 * t.v[1] + d.box[1] + d.box[3] / 2 - t.last[1] - t.last[3] / 2,
        ];
        t.saved = clone(t.motion);
        t.last = d.box;
        t.lastSeen = pts;
        t.hits++;
        t.missed = 0;
        t.score = d.score;
        t.votes.set(d.label, (t.votes.get(d.label) ?? 0) + d.score);
        if (!t.confirmed) {
          t.confirmed = t.hits >= (dt > X.lowFps ? X.hits - 1 : X.hits);
          if (t.confirmed) t.id = nextId++;
          else t.earlier.push(see(pts, d, width, height));
        }
        alive.push(t);
      } else {
        t.missed++;
        const since = (pts - t.lastSeen) / 1000;
        if (t.confirmed ? since <= X.keep : since <= Math.max(X.tentKeep, 1.5 * dt) && t.missed <= 2) alive.push(t);
        else if (t.confirmed) gone.push(t.id);
      }
    }
    for (const d of high) {
      const motion = begin(d.box);
      alive.push({
        id: nextTentative--,
        motion,
        saved: clone(motion),
        last: d.box,
        score: d.score,
        lastSeen: pts,
        hits: 1,
        missed: 0,
        confirmed: false,
        earlier: [see(pts, d, width, height)],
        votes: new Map([[d.label, d.score]]),
        group: groupOf[d.label],
        shown: false,
        v: [0, 0],
      });
    }
    trails = alive;
    const tracks: Track[] = [];
    for (const t of trails) {
      if (!t.confirmed || (pts - t.lastSeen) / 1000 > X.show) continue;
      const box = boxOf(t.motion);
      tracks.push({
        id: t.id,
        label: best(t.votes),
        score: t.score,
        box,
        foot: [(box[0] + box[2] / 2) / width, (box[1] + box[3]) / height],
        seen: t.missed === 0,
        earlier: t.shown ? [] : t.earlier,
      });
      if (!t.shown) {
        t.shown = true;
        t.earlier = [];
      }
    }
    return { tracks, gone };
  };
}
const wide = ([x, y, w, h]: Box, by: number): Box => [x - by, y - by, w + 2 * by, h + 2 * by];
const see = (pts: Millis, d: Detection, w: number, h: number): Sighting => ({
  pts,
  score: d.score,
  box: d.box,
  foot: [(d.box[0] + d.box[2] / 2) / w, (d.box[1] + d.box[3]) / h],
});
const best = (votes: Map<RoadClass, number>): RoadClass => [...votes].reduce((a, b) => (b[1] > a[1] ? b : a))[0];

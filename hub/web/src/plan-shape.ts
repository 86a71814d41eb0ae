import type { LineId, SitePlan, SiteView } from "@openkerb/contract";

export type Point = readonly [number, number];
export type PlanLine = { readonly id: LineId; readonly name: string; readonly from: Point; readonly to: Point };

/** A place as it is drawn: metres east and south of the top left corner. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly roads: SitePlan["roads"];
  readonly lines: readonly PlanLine[];
  readonly zones: readonly { readonly id: string; readonly name: string; readonly points: readonly Point[] }[];
  readonly cameras: readonly {
    readonly id: string;
    readonly name: string;
    readonly at: Point;
    readonly heading: number;
  }[];
  /** False when the site file has no plan and the drawing only says what there is, not where. */
  readonly measured: boolean;
};

/** The drawing of a site: its own plan, or one road with its lines in a row when nobody has drawn one. */
export function drawingOf(site: SiteView): Drawing {
  const { plan } = site;
  if (!plan) return unmeasured(site);
  return {
    width: plan.width,
    height: plan.height,
    roads: plan.roads,
    lines: site.cameras.flatMap((c) =>
      c.lines.flatMap((l) => (l.plan ? [{ id: l.id, name: l.name, from: l.plan.from, to: l.plan.to }] : [])),
    ),
    zones: site.cameras.flatMap((c) =>
      c.zones.flatMap((z) => (z.plan ? [{ id: z.id, name: z.name, points: z.plan }] : [])),
    ),
    cameras: site.cameras.flatMap((c) => (c.plan ? [{ id: c.id, name: c.name, ...c.plan }] : [])),
    measured: true,
  };
}

function unmeasured(site: SiteView): Drawing {
  const lines = site.cameras.flatMap((c) => c.lines);
  const zones = site.cameras.flatMap((c) => c.zones);
  const places = Math.max(2, lines.length + zones.length);
  const gap = 20;
  const width = (places + 1) * gap;
  const middle = 20;
  return {
    width,
    height: 44,
    roads: [
      {
        name: site.name,
        points: [
          [0, middle],
          [width, middle],
        ],
        width: 12,
        use: "road",
      },
    ],
    lines: lines.map((l, i) => ({
      id: l.id,
      name: l.name,
      from: [(i + 1) * gap, middle + 8],
      to: [(i + 1) * gap, middle - 8],
    })),
    zones: zones.map((z, i) => {
      const x = (lines.length + i + 1) * gap;
      return {
        id: z.id,
        name: z.name,
        points: [
          [x - 6, middle - 5],
          [x + 6, middle - 5],
          [x + 6, middle + 5],
          [x - 6, middle + 5],
        ],
      };
    }),
    cameras: site.cameras.map((c, i) => ({ id: c.id, name: c.name, at: [(i + 1) * gap, 40], heading: 0 })),
    measured: false,
  };
}

/**
 * The unit vector that `in` points along: from the left of the line to its right, looking from `from` to `to`.
 * South is positive here, so the right of a step (dx, dy) is (-dy, dx).
 */
export function inward({ from, to }: { readonly from: Point; readonly to: Point }): Point {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  return [-dy / length || 0, dx / length || 0];
}

export const middleOf = (points: readonly Point[]): Point => [
  points.reduce((sum, p) => sum + p[0], 0) / points.length,
  points.reduce((sum, p) => sum + p[1], 0) / points.length,
];

/**
 * Where a road's name reads best: on one of its stretches, as far as it can be from everything in `busy`, sloped as
 * the road and never upside down. Degrees.
 */
export function labelSpot(
  points: readonly Point[],
  busy: readonly Point[] = [],
): { readonly at: Point; readonly angle: number } {
  let best: { at: Point; angle: number; worth: number } = { at: points[0] ?? [0, 0], angle: 0, worth: -1 };
  for (const [i, b] of points.entries()) {
    const a = points[i - 1];
    if (!a) continue;
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = Math.hypot(dx, dy);
    const slope = (Math.atan2(dy, dx) * 180) / Math.PI;
    const angle = slope > 90 ? slope - 180 : slope <= -90 ? slope + 180 : slope;
    for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]) {
      const at: Point = [a[0] + dx * share, a[1] + dy * share];
      const room = Math.min(...busy.map(([x, y]) => Math.hypot(x - at[0], y - at[1])), Number.MAX_SAFE_INTEGER);
      // A name needs its stretch to be long and its ends to be inside it, as well as room around it.
      const worth = Math.min(room, length * Math.min(share, 1 - share) * 2);
      if (worth > best.worth) best = { at, angle, worth };
    }
  }
  return { at: best.at, angle: best.angle };
}

import {
  type CityEvent,
  CountBin,
  type Direction,
  Health,
  instant,
  type RoadClass,
  SiteView,
  StoredEvent,
} from "@openkerb/contract";

const minute = 60_000;
const hour = 60 * minute;

export const millRoad = SiteView.parse({
  city: "demo",
  site: "mill-road",
  name: "Mill Road junction",
  device: "kerb-01",
  plan: {
    width: 64,
    height: 44,
    roads: [
      {
        name: "Mill Road",
        width: 9,
        use: "road",
        points: [
          [0, 19],
          [18, 20],
          [34, 22],
          [64, 40],
        ],
      },
      {
        name: "Station Approach",
        width: 8,
        use: "road",
        points: [
          [34, 22],
          [47, 14],
          [60, 0],
        ],
      },
      {
        name: "Garden path",
        use: "footway",
        width: 2.5,
        points: [
          [0, 9],
          [16, 7],
          [28, 3],
          [30, 0],
        ],
      },
    ],
  },
  open: {
    purpose: "To learn how many people walk, cycle and drive here, so that crossings and signal times fit the street.",
    operator: "Department of Streets, Example Town",
    contact: "streets@example.org",
    keptDays: 30,
  },
  cameras: [
    {
      id: "cam-1",
      name: "Lamp post 12",
      model: "centernet6",
      plan: { at: [22, 41], heading: 12 },
      lines: [
        { id: "west", name: "Mill Road west", plan: { from: [14, 14], to: [14, 25] } },
        { id: "approach", name: "Station Approach", plan: { from: [42, 11], to: [49, 19] } },
        { id: "east", name: "Mill Road east", plan: { from: [50, 24], to: [44, 35] } },
      ],
      zones: [
        {
          id: "junction",
          name: "Junction",
          plan: [
            [28, 18],
            [35, 16.5],
            [41, 20],
            [40, 27],
            [31, 25],
          ],
        },
        {
          id: "bay",
          name: "Loading bay",
          plan: [
            [50, 3],
            [55, 7],
            [60, 1],
            [56, 0],
            [53, 0],
          ],
        },
      ],
    },
  ],
});

/** A place that nobody has drawn. */
export const harbour = SiteView.parse({
  city: "demo",
  site: "harbour",
  name: "Harbour bridge",
  device: "kerb-02",
  cameras: [
    {
      id: "cam-1",
      name: "Bridge north",
      model: "ssdlite6",
      lines: [
        { id: "deck", name: "Bridge deck" },
        { id: "cycle", name: "Cycle track" },
      ],
      zones: [],
    },
  ],
});

/** Steps per hour of each line and class at the busiest time. */
const busy: Record<string, readonly (readonly [RoadClass, number, number])[]> = {
  west: [
    ["person", 130, 110],
    ["bicycle", 42, 34],
    ["car", 18, 22],
  ],
  approach: [
    ["person", 84, 96],
    ["bus", 6, 6],
  ],
  east: [
    ["person", 60, 48],
    ["bicycle", 24, 30],
    ["car", 12, 4],
    ["truck", 2, 1],
  ],
  deck: [
    ["car", 210, 190],
    ["truck", 22, 18],
    ["bus", 12, 12],
  ],
  cycle: [["bicycle", 96, 88]],
};

/** The same minute always has the same traffic, so that two answers about it agree. */
const dice = (seed: number): number => {
  let x = (seed ^ 0x9e3779b9) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
};

/** How busy a city is by the hour of the day, 0 to 1: a morning and an evening peak, nearly nobody at night. */
const rhythm = (at: number): number => {
  const h = (at % (24 * hour)) / hour;
  const peak = (middle: number, width: number): number => Math.exp(-(((h - middle) / width) ** 2));
  return 0.03 + 0.9 * peak(8.3, 1.6) + 0.55 * peak(13, 2.6) + peak(17.6, 2);
};

const minuteBin = (site: SiteView, from: number, gap: (at: number) => number): CountBin => {
  const watched = gap(from);
  const some = (line: string, cls: RoadClass, perHour: number, way: number): number => {
    const mean = (perHour / 60) * rhythm(from) * watched;
    const key = Math.floor(from / minute) * 977 + line.length * 131 + cls.length * 17 + way;
    return Math.floor(mean + dice(key) * (mean < 1 ? 1.2 : 2) - (mean < 1 ? 0.25 : 0.8));
  };
  const lines = site.cameras.flatMap((c) =>
    c.lines.flatMap((l) =>
      (busy[l.id] ?? []).map(([cls, i, o]) => ({
        line: l.id,
        class: cls,
        in: Math.max(0, some(l.id, cls, i, 1)),
        out: Math.max(0, some(l.id, cls, o, 2)),
      })),
    ),
  );
  const zones = site.cameras.flatMap((c) =>
    c.zones.slice(0, 1).map((z) => ({ zone: z.id, class: "person", entered: 3, mean: 1.4, max: 4 })),
  );
  return CountBin.parse({
    from,
    span: minute,
    watched,
    lines: watched === 0 ? [] : lines.filter((l) => l.in + l.out > 0),
    zones: watched === 0 ? [] : zones,
  });
};

/** Bins of a place from `from` to `to`, every one of them, as the hub gives them; minutes not yet over are empty. */
export function countBins(given: {
  site: SiteView;
  bin: "minute" | "hour";
  from: number;
  to: number;
  now: number;
  gap: (at: number) => number;
}): CountBin[] {
  const span = given.bin === "minute" ? minute : hour;
  const out: CountBin[] = [];
  for (let at = Math.floor(given.from / span) * span; at < given.to; at += span) {
    const sums = new Map<string, CountBin["lines"][number]>();
    let watched = 0;
    let zones: CountBin["zones"] = [];
    for (let m = at; m < at + span; m += minute) {
      if (m + minute > given.now) continue;
      const bin = minuteBin(given.site, m, given.gap);
      watched += bin.watched * minute;
      if (bin.zones.length > 0) zones = bin.zones;
      for (const l of bin.lines) {
        const was = sums.get(`${l.line} ${l.class}`);
        sums.set(`${l.line} ${l.class}`, { ...l, in: l.in + (was?.in ?? 0), out: l.out + (was?.out ?? 0) });
      }
    }
    out.push(CountBin.parse({ from: at, span, watched: watched / span, lines: [...sums.values()], zones }));
  }
  return out;
}

const stamp = {
  clock: "synced",
  quality: 1,
  provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
} as const;

/** A step over a line as the hub would tell it. */
export const crossingAt = (
  site: SiteView,
  id: number,
  at: number,
  what: { line: string; class: RoadClass; direction: Direction },
): StoredEvent => {
  const camera = site.cameras.find((c) => c.lines.some((l) => l.id === what.line))?.id ?? "cam-1";
  return StoredEvent.parse({
    id,
    site: site.site,
    device: site.device,
    received: instant(at + 120),
    backfill: false,
    event: { ...stamp, kind: "line-crossed", at: instant(at), camera, ...what } as unknown as CityEvent,
  });
};

/** A random step, as likely as the street is busy. */
export function someStep(site: SiteView): { line: string; class: RoadClass; direction: Direction } {
  const all = site.cameras.flatMap((c) =>
    c.lines.flatMap((l) => (busy[l.id] ?? []).map((b) => ({ line: l.id, of: b }))),
  );
  let at = Math.random() * all.reduce((sum, { of }) => sum + of[1] + of[2], 0);
  for (const { line, of } of all) {
    for (const [direction, n] of [
      ["in", of[1]],
      ["out", of[2]],
    ] as const) {
      at -= n;
      if (at <= 0) return { line, class: of[0], direction };
    }
  }
  return { line: "west", class: "person", direction: "in" };
}

export const healthAt = (site: SiteView, at: number, given: Partial<Record<keyof Health, unknown>> = {}): Health =>
  Health.parse({
    v: 1,
    at: Math.round(at),
    uptime: 93_600_000,
    memory: Math.round(412e6 + 4e6 * Math.sin(at / 60_000)),
    load: 0.62,
    temperature: Math.round(520 + 8 * Math.sin(at / 90_000)) / 10,
    clockOffset: 3.2,
    disk: { free: 21.4e9, total: 31.2e9 },
    outbox: { depth: Math.round(2 + 2 * Math.sin(at / 20_000)), oldest: Math.round(at - 400), lost: 0 },
    cameras: site.cameras.map((c) => ({
      id: c.id,
      state: "watching",
      fps: Math.round(97 + 2 * Math.sin(at / 30_000)) / 10,
      dropped: 12,
      restarts: 0,
      lastFrame: Math.round(at - 160),
      inference: 38.4,
    })),
    ...given,
  });

import type {
  CameraId,
  DeviceId,
  Direction,
  Instant,
  LineId,
  RoadClass,
  SiteId,
  StoredEvent,
} from "@openkerb/contract";

/** One step over a line. */
export type Crossing = {
  readonly id: number;
  readonly site: SiteId;
  readonly device: DeviceId;
  readonly camera: CameraId;
  readonly line: LineId;
  readonly class: RoadClass;
  readonly direction: Direction;
  readonly at: Instant;
};

const minute = 60_000;
/** Long enough to bridge the hour that is read in minutes; older minutes are the hub's alone. */
const kept = 90 * minute;
const recentLimit = 40;
const idLimit = 20_000;

/**
 * What has happened on the streets since this page was opened, held until the hub's own minute counts have it.
 * Taking the same event twice changes nothing, so that a page of events and the stream may overlap.
 */
export type Street = {
  /** Takes an event; true when it changed something a person can see. */
  take(stored: StoredEvent): boolean;
  /** Steps over a line in the minute that starts at `from`, as far as this page has heard. */
  crossings(line: LineId, cls: RoadClass, direction: Direction, from: number): number;
  /** Every class and line that has stepped since `from`. */
  heard(from: number): readonly { line: LineId; class: RoadClass; minutes: readonly number[] }[];
  last(line: LineId): Crossing | undefined;
  /** Newest first. */
  recent(): readonly Crossing[];
};

export function makeStreet(): Street {
  const ids = new Set<number>();
  const minutes = new Map<string, Map<number, number>>();
  const lasts = new Map<LineId, Crossing>();
  let recent: readonly Crossing[] = [];
  let newest = 0;

  const forgetOld = (): void => {
    for (const [key, bins] of minutes) {
      for (const at of bins.keys()) if (at < newest - kept) bins.delete(at);
      if (bins.size === 0) minutes.delete(key);
    }
  };

  return {
    take({ id, site, device, event }) {
      if (event.kind !== "line-crossed" || ids.has(id)) return false;
      ids.add(id);
      if (ids.size > idLimit) ids.delete(ids.values().next().value ?? id);
      const crossing = { id, site, device, ...pick(event) };
      const before = lasts.get(event.line);
      if (!before || before.at <= crossing.at) lasts.set(event.line, crossing);
      recent = [...recent, crossing].sort((a, b) => b.at - a.at || b.id - a.id).slice(0, recentLimit);
      const key = `${event.line} ${event.class} ${event.direction}`;
      const from = event.at - (event.at % minute);
      const bins = minutes.get(key) ?? new Map<number, number>();
      minutes.set(key, bins.set(from, (bins.get(from) ?? 0) + 1));
      if (from > newest) {
        newest = from;
        forgetOld();
      }
      return true;
    },
    crossings: (line, cls, direction, from) => minutes.get(`${line} ${cls} ${direction}`)?.get(from) ?? 0,
    heard(from) {
      const all = new Map<string, { line: LineId; class: RoadClass; minutes: number[] }>();
      for (const [key, bins] of minutes) {
        const [line, cls] = key.split(" ") as [LineId, RoadClass];
        const entry = all.get(`${line} ${cls}`) ?? { line, class: cls, minutes: [] };
        for (const at of bins.keys()) if (at >= from && !entry.minutes.includes(at)) entry.minutes.push(at);
        if (entry.minutes.length > 0) all.set(`${line} ${cls}`, entry);
      }
      return [...all.values()];
    },
    last: (line) => lasts.get(line),
    recent: () => recent,
  };
}

const pick = <E extends Pick<Crossing, "camera" | "line" | "class" | "direction" | "at">>(e: E) => ({
  camera: e.camera,
  line: e.line,
  class: e.class,
  direction: e.direction,
  at: e.at,
});

import type { CityEvent, DeviceId, Instant, Sequence, SiteId, StoredEvent } from "@openkerb/contract";
import type { Database } from "./database.ts";
import type { Words } from "./words.ts";

type Provenance = CityEvent["provenance"];

/** Provenance as one word, because the same one stands on millions of rows. */
export const provenanceText = (p: Provenance): string =>
  p.correction === undefined ? `${p.source} ${p.config}` : `${p.source} ${p.config} ${p.correction}`;

export type EventRow = {
  readonly id: number;
  readonly stream: number;
  readonly sequence: Sequence;
  readonly site: number;
  readonly backfill: boolean;
  readonly received: Instant;
  readonly event: CityEvent;
};

/** What an event has of its own, beside its time. */
type Own = { readonly dwell: number | null; readonly body: string | null };
const nothing: Own = { dwell: null, body: null };

/**
 * What an event shares with others, as a short key: ids and words of lists hold no space, so that the parts stay
 * apart. The number of a key's word is looked up once a row, so this is kept cheap.
 */
function sharedKey(e: CityEvent): string {
  const p = e.provenance;
  const stamp = `${e.kind} ${e.clock} ${e.quality} ${p.source} ${p.config} ${p.correction ?? ""}`;
  switch (e.kind) {
    case "line-crossed":
      return `${stamp} ${e.camera} ${e.line} ${e.direction} ${e.class}`;
    case "zone-entered":
    case "zone-left":
      return `${stamp} ${e.camera} ${e.zone} ${e.class}`;
    case "vehicle-stopped":
      return `${stamp} ${e.camera} ${e.zone} ${e.class} ${e.active}`;
    default:
      return stamp;
  }
}

/** The same as JSON, from which the event is put together again. */
function sharedText(e: CityEvent): string {
  const { kind, clock, quality, provenance } = e;
  const stamp = { kind, provenance, clock, quality };
  switch (e.kind) {
    case "line-crossed":
      return JSON.stringify({ ...stamp, camera: e.camera, line: e.line, direction: e.direction, class: e.class });
    case "zone-entered":
    case "zone-left":
      return JSON.stringify({ ...stamp, camera: e.camera, zone: e.zone, class: e.class });
    case "vehicle-stopped":
      return JSON.stringify({ ...stamp, camera: e.camera, zone: e.zone, class: e.class, active: e.active });
    default:
      return JSON.stringify(stamp);
  }
}

function own(e: CityEvent): Own {
  switch (e.kind) {
    case "line-crossed":
    case "zone-entered":
      return nothing;
    case "zone-left":
    case "vehicle-stopped":
      return { dwell: e.dwell, body: null };
    default: {
      const { at: _at, kind: _kind, clock: _clock, quality: _quality, provenance: _provenance, ...body } = e;
      return { dwell: null, body: JSON.stringify(body) };
    }
  }
}

/** Known contents are remembered up to this many; a city has some thousands. */
const remembered = 50_000;

/** Writes events, what they share only once. */
export function eventWriter(database: Database, words: Words): { add(row: EventRow): void; forget(): void } {
  const insert = database.prepare(
    `INSERT INTO events (id, stream, sequence, site, content, backfill, at, received, dwell, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertShort = database.prepare(
    `INSERT INTO events (id, stream, sequence, site, content, backfill, at, received) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const contents = new Map<string, number>();
  return {
    add({ id, stream, sequence, site, backfill, received, event }) {
      const key = sharedKey(event);
      let content = contents.get(key);
      if (content === undefined) {
        content = words.number(sharedText(event));
        if (contents.size >= remembered) contents.clear();
        contents.set(key, content);
      }
      const late = backfill ? 1 : 0;
      const { dwell, body } = own(event);
      if (dwell === null && body === null)
        insertShort.run(id, stream, sequence, site, content, late, event.at, received);
      else insert.run(id, stream, sequence, site, content, late, event.at, received, dwell, body);
    },
    forget: () => contents.clear(),
  };
}

type StoredRow = {
  id: number;
  site: number;
  device: string;
  content: number;
  backfill: number;
  at: number;
  received: number;
  dwell: number | null;
  body: string | null;
};

/** Reads events again exactly as they came. */
export function eventReader(
  database: Database,
  words: Words,
): (after: number, limit: number, site?: SiteId) => StoredEvent[] {
  const columns = `SELECT e.id, e.site, d.device, e.content, e.backfill, e.at, e.received, e.dwell, e.body
    FROM events e JOIN streams s ON s.id = e.stream JOIN devices d ON d.id = s.device`;
  const all = database.prepare<[number, number], StoredRow>(`${columns} WHERE e.id > ? ORDER BY e.id LIMIT ?`);
  const ofSite = database.prepare<[number, string, number], StoredRow>(
    `${columns} WHERE e.id > ? AND e.site = (SELECT id FROM words WHERE text = ?) ORDER BY e.id LIMIT ?`,
  );
  return (after, limit, site) =>
    (site === undefined ? all.all(after, limit) : ofSite.all(after, site, limit)).map((row) => ({
      id: row.id,
      site: words.text(row.site) as SiteId,
      device: row.device as DeviceId,
      received: row.received as Instant,
      backfill: row.backfill === 1,
      event: {
        at: row.at,
        ...JSON.parse(words.text(row.content)),
        ...(row.dwell === null ? {} : { dwell: row.dwell }),
        ...(row.body === null ? {} : JSON.parse(row.body)),
      } as CityEvent,
    }));
}

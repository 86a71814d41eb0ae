import type { CityEvent, DeviceId, Instant, Sequence, SiteId, StoredEvent } from "@openkerb/contract";
import type { Database } from "./database.ts";
import type { Words } from "./words.ts";

/** Provenance as one word, because the same one stands on millions of rows. */
export const provenanceText = (p: CityEvent["provenance"]): string =>
  p.correction === undefined ? `${p.source} ${p.config}` : `${p.source} ${p.config} ${p.correction}`;

export function provenanceOf(text: string): CityEvent["provenance"] {
  const [source = "", config = "", correction] = text.split(" ");
  return correction === undefined ? { source, config } : { source, config, correction };
}

export type EventRow = {
  readonly id: number;
  readonly stream: number;
  readonly sequence: Sequence;
  readonly site: number;
  readonly backfill: boolean;
  readonly received: Instant;
  readonly event: CityEvent;
};

/** Writes events; what every row has is a column, what only its kind has is the body. */
export function eventWriter(database: Database, words: Words): (row: EventRow) => void {
  const insert = database.prepare(
    `INSERT INTO events (id, stream, sequence, site, kind, provenance, backfill, at, received, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return ({ id, stream, sequence, site, backfill, received, event }) => {
    const { at, kind, provenance, ...rest } = event;
    insert.run(
      id,
      stream,
      sequence,
      site,
      words.number(kind),
      words.number(provenanceText(provenance)),
      backfill ? 1 : 0,
      at,
      received,
      JSON.stringify(rest),
    );
  };
}

type StoredRow = {
  id: number;
  site: number;
  device: string;
  kind: number;
  provenance: number;
  backfill: number;
  at: number;
  received: number;
  body: string;
};

/** Reads events again exactly as they came. */
export function eventReader(
  database: Database,
  words: Words,
): (after: number, limit: number, site?: SiteId) => StoredEvent[] {
  const columns = `SELECT e.id, e.site, d.device, e.kind, e.provenance, e.backfill, e.at, e.received, e.body
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
        kind: words.text(row.kind),
        provenance: provenanceOf(words.text(row.provenance)),
        ...JSON.parse(row.body),
      } as CityEvent,
    }));
}

import type { Metric, Reading, Sequence } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { provenanceText } from "./event-rows.ts";
import { type Packed, pack, type Tail } from "./reading-block.ts";
import type { ReadingCare } from "./reading-care.ts";
import { addReading, noReadings, type Rollup } from "./reading-rollup.ts";
import { daySpan, hourSpan, minuteSpan } from "./store.ts";
import type { Words } from "./words.ts";

/** A block's id is its series times this plus the minute it begins at; minutes fit until the year 2225. */
export const blockStep = 2 ** 27;
/** A rollup's id is its channel times this plus the number of its hour or day. */
export const rollupStep = 2 ** 21;

/** How long a block is, minutes: an hour of minute values, four minutes of seconds. */
export const blockMinutes = (averaging: number): number => (averaging >= 10_000 ? 60 : averaging >= 1000 ? 4 : 1);

/** Where the readings of a block begin to be told apart from. */
export const blockStart = (id: number): Tail => ({ at: (id % blockStep) * minuteSpan, sequence: 0, delay: 0 });

type Series = { readonly id: number; readonly channel: number; readonly metric: Metric };
type Place = { readonly stream: number; readonly site: string; readonly device: string };

/** Known series are remembered up to this many. */
const remembered = 50_000;

/**
 * Writes readings and their rollups. What is added waits for `flush` at the end of the same transaction, so that the
 * readings of a batch that belong together are written together. An item is added exactly once, so adding up is right.
 */
export function readingWriter(
  database: Database,
  words: Words,
  care: Pick<ReadingCare, "flagOf" | "stored">,
): {
  add(place: Place, sequence: Sequence, received: number, reading: Reading): void;
  flush(): void;
  forget(): void;
} {
  const findChannel = database
    .prepare<number[], number>(
      `SELECT id FROM channels WHERE site = ? AND device = ? AND sensor = ? AND metric = ? AND unit = ?
         AND reference = ? AND correction = ?`,
    )
    .pluck();
  const addChannel = database.prepare(
    "INSERT INTO channels (site, device, sensor, metric, unit, reference, correction) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const findSeries = database
    .prepare<number[], number>(
      "SELECT id FROM series WHERE channel = ? AND stream = ? AND averaging = ? AND provenance = ?",
    )
    .pluck();
  const addSeries = database.prepare("INSERT INTO series (channel, stream, averaging, provenance) VALUES (?, ?, ?, ?)");
  const findBlock = database.prepare<[number], Tail & { count: number; body: Buffer }>(
    "SELECT count, at, sequence, delay, body FROM reading_blocks WHERE id = ?",
  );
  const putBlock = database.prepare(
    "INSERT OR REPLACE INTO reading_blocks (id, count, at, sequence, delay, body) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const rollups = (["hour", "day"] as const).map((span) =>
    database.prepare(
      `INSERT INTO ${span}_rollups AS r (id, n1, n2, n3, n4, n9, covered, total, side, least, most)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET n1 = n1 + excluded.n1, n2 = n2 + excluded.n2, n3 = n3 + excluded.n3,
         n4 = n4 + excluded.n4, n9 = n9 + excluded.n9, covered = covered + excluded.covered,
         total = total + excluded.total, side = side + excluded.side,
         least = min(ifnull(r.least, excluded.least), ifnull(excluded.least, r.least)),
         most = max(ifnull(r.most, excluded.most), ifnull(excluded.most, r.most))`,
    ),
  );
  const known = new Map<string, Series>();
  const blocks = new Map<number, Packed[]>();
  const sums = [new Map<number, Rollup>(), new Map<number, Rollup>()] as const;
  const spans = [hourSpan, daySpan] as const;

  const seriesOf = ({ stream, site, device }: Place, r: Reading): Series => {
    const { source, config, correction = "" } = r.provenance;
    const key = `${stream} ${site} ${r.sensor} ${r.metric} ${r.averaging} ${r.unit} ${r.reference ?? ""} ${source} ${config} ${correction}`;
    const old = known.get(key);
    if (old) return old;
    const channelRow = [site, device, r.sensor, r.metric, r.unit, r.reference ?? "", correction].map(words.number);
    const channel = findChannel.get(...channelRow) ?? Number(addChannel.run(...channelRow).lastInsertRowid);
    const row = [channel, stream, r.averaging, words.number(provenanceText(r.provenance))];
    const id = findSeries.get(...row) ?? Number(addSeries.run(...row).lastInsertRowid);
    const fresh: Series = { id, channel, metric: r.metric };
    if (known.size >= remembered) known.clear();
    known.set(key, fresh);
    return fresh;
  };

  const writeBlock = (id: number, fresh: readonly Packed[]): void => {
    const old = findBlock.get(id);
    const more = pack(fresh, old ?? blockStart(id));
    const last = fresh.at(-1) as Packed;
    const body = old ? Buffer.concat([old.body, more]) : more;
    putBlock.run(id, (old?.count ?? 0) + fresh.length, last.at, last.sequence, last.delay, body);
  };

  return {
    add(place, sequence, received, reading) {
      const { at, averaging, value, quality, clock } = reading;
      const series = seriesOf(place, reading);
      const minute = Math.floor(at / minuteSpan);
      const block = series.id * blockStep + minute - (minute % blockMinutes(averaging));
      const packed = { at, sequence, value, quality, clock, delay: received - at };
      // The block keeps what the device said; hours and days count what it is worth after tests and officers.
      const flag = care.flagOf(series.channel, at, quality);
      const waiting = blocks.get(block);
      if (waiting) waiting.push(packed);
      else blocks.set(block, [packed]);
      sums.forEach((sum, i) => {
        const id = series.channel * rollupStep + Math.floor(at / (spans[i] as number));
        let rollup = sum.get(id);
        if (!rollup) {
          rollup = noReadings();
          sum.set(id, rollup);
        }
        addReading(rollup, series.metric, flag === quality ? reading : { ...reading, quality: flag });
      });
    },
    flush() {
      for (const [id, fresh] of blocks) writeBlock(id, fresh);
      sums.forEach((sum, i) => {
        for (const [id, r] of sum)
          rollups[i]?.run(id, r.n1, r.n2, r.n3, r.n4, r.n9, r.covered, r.total, r.side, r.least, r.most);
      });
      care.stored(sums[0].keys());
      for (const sum of sums) sum.clear();
      blocks.clear();
    },
    forget() {
      known.clear();
      blocks.clear();
      for (const sum of sums) sum.clear();
    },
  };
}

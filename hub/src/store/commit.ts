import {
  type CityEvent,
  type DeviceId,
  futureLimit,
  type Instant,
  type RangeLost,
  type StoredEvent,
} from "@openkerb/contract";
import { doubles } from "../alert/doubles.ts";
import type { Database } from "./database.ts";
import type { Device, Devices } from "./device-rows.ts";
import { eventWriter } from "./event-rows.ts";
import { minuteWriter } from "./minute-rows.ts";
import { newOutboxes } from "./new-outboxes.ts";
import type { ReadingCare } from "./reading-care.ts";
import { readingWriter } from "./reading-rows.ts";
import type { Refusals } from "./refusal-rows.ts";
import type { Committed, HubRecord, Item, MissingRange, Refusal } from "./store.ts";
import { type Stream, type Streams, streamProgress } from "./stream-rows.ts";
import type { Words } from "./words.ts";

/** What the hub remembers of devices and sequences; it mirrors the database and can be read from it again. */
export type Memory = {
  readonly devices: Devices;
  readonly streams: Streams;
  readonly refusals: Refusals;
  readonly words: Words;
  readonly care: ReadingCare;
};

type ItemsRecord = Extract<HubRecord, { kind: "items" }>;

/**
 * The one writer of the flow. The function it gives runs inside one transaction; when that is lost, whatever it put
 * into `memory` is wrong and must be loaded again, which `forget` prepares.
 */
export function committer(
  database: Database,
  { devices, streams, refusals, words, care }: Memory,
): { write(records: readonly HubRecord[]): Committed; forget(): void; lastEvent(): number } {
  const writtenEvents = eventWriter(database, words);
  const minutes = minuteWriter(database, words);
  const readings = readingWriter(database, words, care);
  const setAside = database.prepare(
    "INSERT INTO set_aside (stream, sequence, why, received, body) VALUES (?, ?, ?, ?, ?)",
  );
  const saveLast = database.prepare(
    "INSERT INTO counters (name, value) VALUES ('event', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  );
  const readLast = database.prepare<[], number>("SELECT value FROM counters WHERE name = 'event'").pluck();
  const twins = doubles();
  const outboxes = newOutboxes();
  let last: number | undefined;

  const write = (records: readonly HubRecord[]): Committed => {
    last ??= readLast.get() ?? 0;
    const before = last;
    const events: StoredEvent[] = [];
    const lost: MissingRange[] = [];
    const heard = new Set<Stream>();
    const changed = new Set<DeviceId>();
    const unborn = new Set<DeviceId>();
    const doubled = new Set<DeviceId>();
    let stored = 0;
    let known = 0;
    let refused = 0;

    const streamOf = (device: Device, epoch: Stream["epoch"]): Stream => {
      const stream = streams.of(device.device, epoch) ?? streams.open(device.device, device.id, epoch);
      heard.add(stream);
      return stream;
    };

    const putAside = (stream: Stream, item: Item, why: Refusal, received: Instant): void => {
      const body =
        item.kind === "event"
          ? JSON.stringify(item.event)
          : item.kind === "reading"
            ? JSON.stringify(item.reading)
            : null;
      setAside.run(stream.id, item.sequence, why, received, body);
      refusals.add(stream.device, why, 1, received);
      stream.refused++;
      refused++;
    };

    const noteLoss = (device: Device, stream: Stream, item: Item, event: RangeLost, received: Instant): void => {
      if (event.epoch === stream.epoch) {
        // A range is given up before the item that tells of it is made, so it never reaches past that item.
        const to = Math.min(event.to ?? item.sequence - 1, item.sequence - 1);
        if (event.from <= to) lost.push(...streams.lose(stream, { from: event.from, to }, event.why, received));
        return;
      }
      if (!streams.of(device.device, event.epoch) && !outboxes.mayBegin(device.device, received)) return;
      const old = streamOf(device, event.epoch);
      if (event.to !== undefined) {
        if (event.from <= event.to)
          lost.push(...streams.lose(old, { from: event.from, to: event.to }, event.why, received));
        return;
      }
      const { known: end } = streamProgress(old, true);
      if (event.from <= end) lost.push(...streams.lose(old, { from: event.from, to: end }, event.why, received));
      lost.push(...streams.loseRest(old, Math.max(event.from, end + 1), event.why, received));
    };

    const store = (device: Device, stream: Stream, item: Item, received: Instant): void => {
      if (item.kind === "refused") {
        putAside(stream, item, item.why, received);
        return;
      }
      if (item.kind === "event" && item.event.kind === "lost-range")
        noteLoss(device, stream, item, item.event, received);
      const { at } = item.kind === "event" ? item.event : item.reading;
      if (at > received + futureLimit) {
        putAside(stream, item, "future-time", received);
        return;
      }
      stored++;
      stream.stored++;
      if (item.kind === "reading") {
        readings.add(
          { stream: stream.id, site: device.site, device: device.device },
          item.sequence,
          received,
          item.reading,
        );
        return;
      }
      const id = ++(last as number);
      const { sequence, backfill } = item;
      const event: CityEvent = item.event;
      writtenEvents.add({
        id,
        stream: stream.id,
        sequence,
        site: words.number(device.site),
        backfill,
        received,
        event,
      });
      if (event.kind === "minute-counted") minutes.add(device.site, device.device, event);
      events.push({ id, site: device.site, device: device.device, received, backfill, event });
    };

    const storeItems = (record: ItemsRecord): void => {
      const device = devices.of(record.device);
      // Without a birth nobody knows which place the items belong to. They are not taken, so the device keeps them.
      if (device === undefined || streams.of(record.device, record.epoch) === undefined) {
        unborn.add(record.device);
        return;
      }
      const stream = streamOf(device, record.epoch);
      for (const item of record.items) {
        const outcome = streams.take(stream, item.sequence);
        if (outcome === "new") store(device, stream, item, record.received);
        else if (outcome === "known") known++;
      }
    };

    for (const record of records) {
      switch (record.kind) {
        case "items":
          storeItems(record);
          break;
        case "birth": {
          const { birth } = record;
          if (!streams.of(record.device, birth.epoch) && !outboxes.mayBegin(record.device, record.received)) {
            refusals.add(record.device, "too-many-outboxes", 1, record.received);
            refused++;
            break;
          }
          const old = devices.of(record.device);
          const before = old && { epoch: old.epoch, upTo: streams.of(record.device, birth.epoch)?.progress.upTo };
          if (before && twins.born(record.device, birth, before, record.received)) doubled.add(record.device);
          const { device, changed: news } = devices.born(record.city, birth, record.received);
          // Answered in any case: the box waits to hear how far we are before it sends.
          const stream = streamOf(device, birth.epoch);
          if (!news) break;
          stream.claimed = Math.max(stream.claimed, birth.next - 1);
          changed.add(device.device);
          break;
        }
        case "state":
        case "health": {
          const device = devices.of(record.device);
          if (device === undefined) unborn.add(record.device);
          else if (
            record.kind === "state"
              ? devices.said(device, record.state, record.received)
              : devices.felt(device, record.health, record.received)
          )
            changed.add(device.device);
          break;
        }
        case "refusal":
          refusals.add(record.device, record.why, 1, record.received);
          refused++;
          if (devices.of(record.device)) changed.add(record.device);
          break;
        case "given-up": {
          const stream = streams.of(record.device, record.epoch);
          if (stream === undefined) break;
          lost.push(...streams.lose(stream, record, "not-held", record.received));
          heard.add(stream);
          break;
        }
        default:
          record satisfies never;
      }
    }
    readings.flush();
    for (const stream of heard) streams.save(stream);
    if (last !== before) saveLast.run(last);
    return {
      events,
      lost,
      streams: [...heard].map((s) => streamProgress(s, devices.of(s.device)?.epoch === s.epoch)),
      devices: [...changed],
      unborn: [...unborn],
      doubled: [...doubled],
      stored,
      known,
      refused,
    };
  };

  return {
    write,
    forget() {
      last = undefined;
      writtenEvents.forget();
      minutes.forget();
      readings.forget();
      care.forget();
      words.forget();
    },
    lastEvent() {
      last ??= readLast.get() ?? 0;
      return last;
    },
  };
}

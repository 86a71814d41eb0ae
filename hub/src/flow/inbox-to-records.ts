import type { DeviceId, UpStream } from "@openkerb/contract";
import type { Journal } from "../journal.ts";
import { redactBirth, redactEvent, redactHealth, redactReading, redactState } from "../redact/redact.ts";
import type { HubRecord, Item, Refusal } from "../store/store.ts";
import type { Receipt } from "./mqtt-to-inbox.ts";

/**
 * Redaction before storage: every value is parsed strictly and scrubbed, or refused. A refused item keeps its place,
 * so that the device is acknowledged past it instead of sending it forever; its content is dropped here.
 */
export async function* inboxToRecords(
  inbox: AsyncIterable<readonly Receipt[]>,
  journal: Journal,
): AsyncGenerator<readonly HubRecord[]> {
  for await (const receipts of inbox) {
    const refused = new Map<string, { device: DeviceId; why: Refusal; count: number }>();
    const streams = new Map<UpStream, number>();
    const records: HubRecord[] = [];
    const refuse = (device: DeviceId, why: Refusal): void => {
      const key = `${device} ${why}`;
      const before = refused.get(key);
      if (before) before.count++;
      else refused.set(key, { device, why, count: 1 });
    };
    for (const receipt of receipts) {
      if (receipt.kind !== "refused") streams.set(receipt.kind, (streams.get(receipt.kind) ?? 0) + 1);
      redactInto(records, receipt, refuse);
    }
    for (const [stream, count] of streams) journal.received(stream, count);
    for (const { device, why, count } of refused.values()) journal.refused(device, why, count);
    yield records;
  }
}

function redactInto(records: HubRecord[], receipt: Receipt, count: (device: DeviceId, why: Refusal) => void): void {
  const { received } = receipt;
  const device = receipt.kind === "refused" ? receipt.device : receipt.address.device;
  const refuse = (why: Refusal): void => {
    count(device, why);
    records.push({ kind: "refusal", device, received, why });
  };
  switch (receipt.kind) {
    case "refused":
      refuse(receipt.why);
      break;
    case "events":
    case "readings": {
      const redact = receipt.kind === "events" ? redactEvent : redactReading;
      const items: Item[] = [];
      for (const raw of receipt.items) {
        const item = redact(raw);
        if (item.kind !== "refused") items.push(item);
        else if (item.sequence === undefined) refuse(item.why);
        else {
          count(device, item.why);
          items.push({ kind: "refused", sequence: item.sequence, why: item.why });
        }
      }
      records.push({ kind: "items", device, received, epoch: receipt.epoch, items });
      break;
    }
    case "birth": {
      const birth = redactBirth(receipt.value);
      if (birth.kind === "refused") refuse(birth.why);
      // A box may speak for itself only, whatever it calls itself inside.
      else if (birth.birth.device !== device) refuse("foreign-topic");
      else records.push({ kind: "birth", device, city: receipt.address.city, received, birth: birth.birth });
      break;
    }
    case "state": {
      const state = redactState(receipt.value);
      if (state.kind === "refused") refuse(state.why);
      else records.push({ kind: "state", device, received, state: state.state });
      break;
    }
    case "health": {
      const health = redactHealth(receipt.value);
      if (health.kind === "refused") refuse(health.why);
      else records.push({ kind: "health", device, received, health: health.health });
      break;
    }
    default:
      receipt satisfies never;
  }
}

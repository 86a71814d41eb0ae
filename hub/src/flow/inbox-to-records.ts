import type { DeviceId, Instant, UpStream } from "@openkerb/contract";
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
    const refused: Refused = new Map();
    const streams = new Map<UpStream, number>();
    const records: HubRecord[] = [];
    for (const receipt of receipts) {
      if (receipt.kind !== "refused") streams.set(receipt.kind, (streams.get(receipt.kind) ?? 0) + 1);
      redactInto(records, receipt, refused);
    }
    for (const [stream, count] of streams) journal.received(stream, count);
    for (const { device, why, count } of refused.values()) journal.refused(device, why, count);
    yield records;
  }
}

/** How often what was refused, by device and reason. */
type Refused = Map<string, { readonly device: DeviceId; readonly why: Refusal; count: number }>;

function count(refused: Refused, device: DeviceId, why: Refusal): void {
  const key = `${device} ${why}`;
  const before = refused.get(key);
  if (before) before.count++;
  else refused.set(key, { device, why, count: 1 });
}

// No function is made in here per message: at tens of thousands a second that alone would be felt.
function redactInto(records: HubRecord[], receipt: Receipt, refused: Refused): void {
  const { received } = receipt;
  const device = receipt.kind === "refused" ? receipt.device : receipt.address.device;
  const refuse = { records, refused, device, received };
  switch (receipt.kind) {
    case "refused":
      refuseIn(refuse, receipt.why);
      break;
    case "events":
    case "readings": {
      const redact = receipt.kind === "events" ? redactEvent : redactReading;
      const items: Item[] = [];
      for (const raw of receipt.items) {
        const item = redact(raw);
        if (item.kind !== "refused") items.push(item);
        else if (item.sequence === undefined) refuseIn(refuse, item.why);
        else {
          count(refused, device, item.why);
          items.push({ kind: "refused", sequence: item.sequence, why: item.why });
        }
      }
      records.push({ kind: "items", device, received, epoch: receipt.epoch, items });
      break;
    }
    case "birth": {
      const birth = redactBirth(receipt.value);
      if (birth.kind === "refused") refuseIn(refuse, birth.why);
      // A box may speak for itself only, whatever it calls itself inside.
      else if (birth.birth.device !== device) refuseIn(refuse, "foreign-topic");
      else records.push({ kind: "birth", device, city: receipt.address.city, received, birth: birth.birth });
      break;
    }
    case "state": {
      const state = redactState(receipt.value);
      if (state.kind === "refused") refuseIn(refuse, state.why);
      else records.push({ kind: "state", device, received, state: state.state });
      break;
    }
    case "health": {
      const health = redactHealth(receipt.value);
      if (health.kind === "refused") refuseIn(refuse, health.why);
      else records.push({ kind: "health", device, received, health: health.health });
      break;
    }
    default:
      receipt satisfies never;
  }
}

function refuseIn(
  {
    records,
    refused,
    device,
    received,
  }: { records: HubRecord[]; refused: Refused; device: DeviceId; received: Instant },
  why: Refusal,
): void {
  count(refused, device, why);
  records.push({ kind: "refusal", device, received, why });
}

import type { DeviceId } from "@openkerb/contract";
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
    const count = (device: DeviceId, why: Refusal): void => {
      const key = `${device} ${why}`;
      const before = refused.get(key);
      if (before) before.count++;
      else refused.set(key, { device, why, count: 1 });
    };
    const records: HubRecord[] = [];
    for (const receipt of receipts) records.push(...recordsOf(receipt, count));
    for (const { device, why, count } of refused.values()) journal.refused(device, why, count);
    yield records;
  }
}

function recordsOf(receipt: Receipt, count: (device: DeviceId, why: Refusal) => void): HubRecord[] {
  const { received } = receipt;
  if (receipt.kind === "refused") {
    count(receipt.device, receipt.why);
    return [{ kind: "refusal", device: receipt.device, received, why: receipt.why }];
  }
  const { device, city } = receipt.address;
  const refuse = (why: Refusal): HubRecord[] => {
    count(device, why);
    return [{ kind: "refusal", device, received, why }];
  };
  switch (receipt.kind) {
    case "events":
    case "readings": {
      const redact = receipt.kind === "events" ? redactEvent : redactReading;
      const items: Item[] = [];
      const placeless: HubRecord[] = [];
      for (const raw of receipt.items) {
        const item = redact(raw);
        if (item.kind !== "refused") items.push(item);
        else if (item.sequence === undefined) placeless.push(...refuse(item.why));
        else {
          count(device, item.why);
          items.push({ kind: "refused", sequence: item.sequence, why: item.why });
        }
      }
      return [{ kind: "items", device, received, epoch: receipt.epoch, items }, ...placeless];
    }
    case "birth": {
      const birth = redactBirth(receipt.value);
      if (birth.kind === "refused") return refuse(birth.why);
      // A box may speak for itself only, whatever it calls itself inside.
      return birth.birth.device === device
        ? [{ kind: "birth", device, city, received, birth: birth.birth }]
        : refuse("foreign-topic");
    }
    case "state": {
      const state = redactState(receipt.value);
      return state.kind === "refused" ? refuse(state.why) : [{ kind: "state", device, received, state: state.state }];
    }
    case "health": {
      const health = redactHealth(receipt.value);
      return health.kind === "refused"
        ? refuse(health.why)
        : [{ kind: "health", device, received, health: health.health }];
    }
    default:
      return receipt satisfies never;
  }
}

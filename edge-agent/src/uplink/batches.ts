import { batchLimit, type Epoch, type Instant, payloadLimit } from "@openkerb/contract";
import type { Item } from "../outbox/outbox.ts";

export type Batch = {
  readonly stream: "events" | "readings";
  readonly payload: string;
  readonly count: number;
};

/** Older than this when sent, an item is marked as backfill, milliseconds. */
const late = 30_000;
/** What an item needs beside its body, and a batch beside its items; generous. */
const perItem = 64;
const perBatch = 128;

/** What to ask the outbox for at once: one batch, should it all be of one kind. */
export const portion = { items: batchLimit, bytes: payloadLimit - perBatch - batchLimit * perItem } as const;

/** Packs items, in order within each stream, into payloads below the limits of the contract. */
export function batches(items: readonly Item[], epoch: Epoch, sent: Instant): readonly Batch[] {
  return (["event", "reading"] as const).flatMap((kind) => {
    const packed: string[][] = [];
    let room = 0;
    for (const item of items) {
      if (item.kind !== kind) continue;
      const place = `"sequence":${item.sequence}${sent - item.kept > late ? ',"backfill":true' : ""}`;
      const text = `{${place},"${kind}":${item.body}}`;
      const size = Buffer.byteLength(text) + 1;
      if (size > room || (packed.at(-1)?.length ?? 0) >= batchLimit) {
        packed.push([]);
        room = payloadLimit - perBatch;
      }
      packed.at(-1)?.push(text);
      room -= size;
    }
    return packed.map(
      (texts): Batch => ({
        stream: `${kind}s`,
        payload: `{"v":1,"epoch":"${epoch}","sent":${sent},"items":[${texts.join(",")}]}`,
        count: texts.length,
      }),
    );
  });
}

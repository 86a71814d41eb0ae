import type { Reading } from "@openkerb/contract";
import type { Outbox } from "../outbox/outbox.ts";

/** Puts readings beside the events, into the same outbox and sequence. Ends when the readings do and all are kept. */
export async function readingsToEvents(
  readings: AsyncIterable<Reading>,
  outbox: Pick<Outbox, "append">,
): Promise<void> {
  for await (const reading of readings) await outbox.append([{ reading }]);
}

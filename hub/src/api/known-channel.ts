import { say } from "@openkerb/contract";
import type { Channel } from "../store/reading-queries.ts";
import type { Store } from "../store/store.ts";
import { notFound } from "./problem.ts";

/** @throws Refusal 404 */
export async function knownChannel(store: Pick<Store, "channels">, id: number): Promise<Channel> {
  const found = (await store.channels()).find((c) => c.id === id);
  if (!found) throw notFound(say("refusal.unknown", { what: say("unknown.channel", { id }) }));
  return found;
}

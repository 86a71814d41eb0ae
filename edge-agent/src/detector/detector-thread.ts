import { parentPort, workerData } from "node:worker_threads";
import type { DetectorAnswer, DetectorOrder, DetectorSetup } from "./detector-messages.ts";
import { NetworkMisfit, openNetwork } from "./network.ts";

// The thread that a detector runs in. It takes one frame after the other and ends when told to close.
const setup = workerData as DetectorSetup;
const port = parentPort!;
const answer = (message: DetectorAnswer): void => port.postMessage(message);

try {
  const network = await openNetwork(setup);
  const memories = new Map<number, SharedArrayBuffer>();
  let last: Promise<void> = Promise.resolve();
  port.on("message", (order: DetectorOrder) => {
    if (order.kind === "memory") {
      memories.set(order.number, order.shared);
      return;
    }
    if (order.kind === "forget-memory") {
      memories.clear();
      return;
    }
    // Found now: the memory may be forgotten before this picture's turn.
    const shared = order.kind === "detect" ? memories.get(order.memory) : undefined;
    last = last.then(async () => {
      if (order.kind === "close") {
        await network.close();
        port.close();
        return;
      }
      const { id, at, length } = order;
      try {
        if (!shared) throw new Error(`there is no memory ${order.memory}`);
        const pixels = new Uint8Array(shared, at, length);
        answer({ kind: "found", id, ...(await network.run({ ...order, pixels })) });
      } catch (err) {
        const trouble = err instanceof NetworkMisfit ? "model" : "inference";
        answer({ kind: "failed", id, trouble, message: (err as Error).message });
      }
    });
  });
  answer({ kind: "ready" });
} catch (err) {
  answer({ kind: "unusable", message: (err as Error).message });
}

import { parentPort, workerData } from "node:worker_threads";
import type { DetectorAnswer, DetectorOrder, DetectorSetup } from "./detector-messages.ts";
import { NetworkMisfit, openNetwork } from "./network.ts";

// The thread that a detector runs in. It takes one frame after the other and ends when told to close.
const setup = workerData as DetectorSetup;
const port = parentPort!;
const answer = (message: DetectorAnswer): void => port.postMessage(message);

try {
  const network = await openNetwork(setup);
  let last: Promise<void> = Promise.resolve();
  port.on("message", (order: DetectorOrder) => {
    last = last.then(async () => {
      if (order.kind === "close") {
        await network.close();
        port.close();
        return;
      }
      const { id } = order;
      try {
        answer({ kind: "found", id, ...(await network.run(order)) });
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

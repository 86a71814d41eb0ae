import type { Worker } from "node:worker_threads";
import type { Detection } from "@openkerb/vision";
import type { Frame } from "../frames/frames.ts";
import type { Detector } from "./detector.ts";
import { DetectorError } from "./detector-error.ts";
import type { DetectorAnswer, DetectorOrder } from "./detector-messages.ts";

type Waiting = {
  readonly frame: Frame;
  readonly found: (detections: readonly Detection[]) => void;
  readonly failed: (err: DetectorError) => void;
};

// Pieces of memory that the thread knows by number. A camera draws into some eight; a camera that changes its size leaves
// its old ones behind, so they are forgotten together when they are many.
const mostMemories = 32;

// One frame in the network and one ready behind it: the thread never waits for this one, and nothing else piles up.
const mostUnderWay = 2;

/** This thread's end of a detector that runs in another one: see `onnxDetector`. Resolves once that one is ready. */
export async function threadDetector(thread: Worker, model: Detector["model"]): Promise<Detector> {
  const order = (message: DetectorOrder): void => thread.postMessage(message);

  /** Calls not yet handed over, by camera. The first camera of the map is the next to be served. */
  const queues = new Map<string, Waiting[]>();
  const underWay = new Map<number, Waiting & { slot: SharedArrayBuffer | undefined }>();
  const freeSlots: SharedArrayBuffer[] = [];
  let handed = 0;
  let ended: DetectorError | undefined;

  const next = (): Waiting | undefined => {
    const [camera, queue] = queues.entries().next().value ?? [];
    if (camera === undefined || queue === undefined) return undefined;
    const first = queue.shift();
    queues.delete(camera);
    if (queue.length > 0) queues.set(camera, queue);
    return first;
  };

  const share = (data: Uint8Array): { pixels: Uint8Array; slot: SharedArrayBuffer | undefined } => {
    if (data.buffer instanceof SharedArrayBuffer) return { pixels: data, slot: undefined };
    const at = freeSlots.findIndex((slot) => slot.byteLength >= data.byteLength);
    const slot = at < 0 ? new SharedArrayBuffer(data.byteLength) : freeSlots.splice(at, 1)[0]!;
    const pixels = new Uint8Array(slot, 0, data.byteLength);
    pixels.set(data);
    return { pixels, slot };
  };

  const numbers = new Map<ArrayBufferLike, number>();
  let numbered = 0;
  const numberOf = (shared: SharedArrayBuffer): number => {
    const known = numbers.get(shared);
    if (known !== undefined) return known;
    if (numbers.size >= mostMemories) {
      numbers.clear();
      order({ kind: "forget-memory" });
    }
    const number = numbered++;
    numbers.set(shared, number);
    order({ kind: "memory", number, shared });
    return number;
  };

  const handOver = (): void => {
    while (underWay.size < mostUnderWay) {
      const waiting = next();
      if (!waiting) return;
      const { frame } = waiting;
      const { pixels, slot } = share(frame.data);
      const id = handed++;
      underWay.set(id, { ...waiting, slot });
      const { width, height, fit, picture } = frame;
      const memory = numberOf(pixels.buffer as SharedArrayBuffer);
      const { byteOffset: at, byteLength: length } = pixels;
      order({ kind: "detect", id, memory, at, length, input: { width, height, fit }, picture });
    }
  };

  const settle = (id: number): Waiting | undefined => {
    const waiting = underWay.get(id);
    underWay.delete(id);
    // Keeping no more slots than can be under way lets the slots of an old frame size go.
    if (waiting?.slot && freeSlots.push(waiting.slot) > mostUnderWay) freeSlots.shift();
    handOver();
    return waiting;
  };

  const end = (err: DetectorError): void => {
    ended ??= err;
    for (const waiting of [...underWay.values(), ...[...queues.values()].flat()]) waiting.failed(ended);
    underWay.clear();
    queues.clear();
  };

  const gone = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  const crashed = (cause?: Error): DetectorError =>
    new DetectorError("lost", `The detector's thread ended: ${cause?.message ?? "without a word"}.`, { cause });

  await new Promise<void>((resolve, reject) => {
    thread.on("message", (answer: DetectorAnswer) => {
      switch (answer.kind) {
        case "ready":
          return resolve();
        case "unusable":
          return reject(new DetectorError("model", `The model ${model.name} cannot be loaded: ${answer.message}`));
        case "found":
          return settle(answer.id)?.found(answer.detections);
        case "failed":
          return settle(answer.id)?.failed(
            new DetectorError(answer.trouble, `The model ${model.name} failed on a frame: ${answer.message}`),
          );
        default:
          return answer satisfies never;
      }
    });
    thread.on("error", (err) => {
      end(crashed(err));
      reject(crashed(err));
    });
    thread.on("exit", () => {
      end(crashed());
      reject(crashed());
    });
  });

  return {
    model,

    detect(frame) {
      if (ended) return Promise.reject(ended);
      return new Promise((found, failed) => {
        const queue = queues.get(frame.camera);
        const waiting = { frame, found, failed };
        if (queue) queue.push(waiting);
        else queues.set(frame.camera, [waiting]);
        handOver();
      });
    },

    async [Symbol.asyncDispose]() {
      end(new DetectorError("closed", "The detector is closed."));
      order({ kind: "close" });
      await gone;
    },
  };
}

import { Worker } from "node:worker_threads";
import type { OpenModel } from "@openkerb/vision";
import "@openkerb/vision/no-telemetry";
import type { Detector } from "./detector.ts";
import type { DetectorSetup } from "./detector-messages.ts";
import { threadDetector } from "./thread-detector.ts";

export type OnnxDetectorOptions = {
  /** What `openModel` gave. */
  readonly model: OpenModel;
  /** The model's own when absent. */
  readonly threshold?: number | undefined;
  /** Threads within one run of the network; 1 when absent, so that a box with few cores keeps some for the rest. */
  readonly threads?: number | undefined;
};

/**
 * A network in a thread of its own. Cameras are served in turn, the frames of one camera in order. When the thread
 * ends, every call fails with a passing DetectorError; the caller opens a new detector if it wants one.
 * Throws DetectorError when the network cannot be loaded.
 */
export function onnxDetector({ model, threshold, threads = 1 }: OnnxDetectorOptions): Promise<Detector> {
  const { manifest, path } = model;
  const setup: DetectorSetup = { path, manifest, threshold: threshold ?? manifest.threshold, threads };
  const thread = new Worker(new URL("./detector-thread.mjs", import.meta.url), {
    workerData: setup,
    // What this process was started with (a loader, a script on the command line) is not meant for the thread.
    execArgv: [],
    name: `detector ${manifest.name}`,
  });
  return threadDetector(thread, { name: manifest.name, sha256: manifest.sha256 });
}

import type { Detection } from "@openkerb/vision";
import type { Detector } from "./detector.ts";
import { DetectorError } from "./detector-error.ts";

/**
 * A detector that has its answers written down: entry n is what it finds in frame n (by the frame's index), nothing
 * beyond the list. An entry may be a DetectorError, which is then thrown. For demos and tests without a network.
 */
export function scriptedDetector(script: readonly (readonly Detection[] | DetectorError)[]): Detector {
  let closed = false;
  return {
    model: { name: "scripted", sha256: "0".repeat(64) },
    async detect(frame) {
      if (closed) throw new DetectorError("closed", "The detector is closed.");
      const answer = script[frame.index] ?? [];
      if (answer instanceof DetectorError) throw answer;
      return answer;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  };
}

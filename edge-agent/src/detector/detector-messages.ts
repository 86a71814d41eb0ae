import type { Detection, Manifest, Size, View } from "@openkerb/vision";

/** What the detector's thread is started with. */
export type DetectorSetup = {
  readonly path: string;
  readonly manifest: Manifest;
  readonly threshold: number;
  readonly threads: number;
};

/**
 * To the thread. Pixels are shared memory: nothing is copied on the way. A piece of memory is sent once and named by its
 * number from then on, because each time it is received counts as new memory there and calls the garbage collector.
 */
export type DetectorOrder =
  | { readonly kind: "memory"; readonly number: number; readonly shared: SharedArrayBuffer }
  | { readonly kind: "forget-memory" }
  | {
      readonly kind: "detect";
      readonly id: number;
      readonly memory: number;
      /** Where in the memory the picture begins, and its length, bytes. */
      readonly at: number;
      readonly length: number;
      readonly input: View;
      readonly picture: Size;
    }
  | { readonly kind: "close" };

/** From the thread. `took` is the time in the network alone, milliseconds. */
export type DetectorAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "unusable"; readonly message: string }
  | { readonly kind: "found"; readonly id: number; readonly detections: readonly Detection[]; readonly took: number }
  | { readonly kind: "failed"; readonly id: number; readonly trouble: "model" | "inference"; readonly message: string };

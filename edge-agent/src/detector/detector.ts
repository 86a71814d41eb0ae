import type { Detection } from "@openkerb/vision";
import type { Frame } from "../frames/frames.ts";

/** Finds road users in frames. Calls for several cameras may be outstanding; they are served in turn. */
export interface Detector extends AsyncDisposable {
  /** Name and hash, as birth and provenance state them. */
  readonly model: { readonly name: string; readonly sha256: string };
  /** Throws DetectorError when the network fails; the frame's buffer may be reused once this settles. */
  detect(frame: Frame): Promise<readonly Detection[]>;
}

import type { Size } from "./frames.ts";

/** Where a picture lies in the frame it was shrunk into; the rest is black. The same sum as the detector's letterbox. */
export function fit(picture: Size, frame: Size): Size & { readonly left: number; readonly top: number } {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  return { left: Math.floor((frame.width - width) / 2), top: Math.floor((frame.height - height) / 2), width, height };
}

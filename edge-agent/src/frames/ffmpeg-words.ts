import type { Size } from "./frames.ts";

/** What a line of ffmpeg's stderr tells us. The only place where its words are read. */
export type Heard =
  /** The size of the pictures that the decoder gives from now on. */
  | { readonly kind: "picture"; readonly picture: Size }
  /** Something of the stream could not be decoded and was patched up or left out. */
  | { readonly kind: "damage" }
  /** The stream is nothing that ffmpeg can make pictures of. */
  | { readonly kind: "not-video" }
  /** Anything else that ffmpeg calls an error. */
  | { readonly kind: "error" };

/** Names of the parts of ffmpeg whose complaints are about the pictures themselves. */
const decoders = /^\[(h264|hevc|mpeg4|mpeg2video|mjpeg|vp8|vp9|av1|libdav1d|msmpeg4v3|h263|rtsp|rtp|sdp) @ /;
const levels = /\[(info|warning|error|fatal|panic)\] /;

/** Reads a line as `-loglevel level+verbose` prints it; undefined when it tells nothing. */
export function heard(line: string): Heard | undefined {
  const [, width, height] = /^\[graph 0 input from stream \S+ @ \S+\] \[verbose\] w:(\d+) h:(\d+) /.exec(line) ?? [];
  if (width && height) return { kind: "picture", picture: { width: Number(width), height: Number(height) } };
  const level = levels.exec(line)?.[1];
  if (level === undefined) return undefined;
  if (
    /concealing \d+ DC|RTP: missed \d+ packets|error while decoding MB|decode_slice_header error|Error splitting|Error while decoding stream/.test(
      line,
    )
  )
    return { kind: "damage" };
  if (level === "info") return undefined;
  if (
    /matches no streams|does not contain any stream|Could not find codec parameters|Decoder \(codec .*\) not found|Invalid data found when processing input$|Unsupported codec/.test(
      line,
    )
  )
    return { kind: "not-video" };
  // What a decoder warns of (odd headers, guessed times) is normal with cameras; its errors are lost picture.
  if (decoders.test(line)) return level === "warning" ? undefined : { kind: "damage" };
  return level === "warning" ? undefined : { kind: "error" };
}

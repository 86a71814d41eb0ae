import type { DeviceCodec } from "@openkerb/contract";
import { bytesOf, type Decoded, refused, startsWith } from "./bytes.ts";
import { crc16Ccitt, sum8, sum16, twos8 } from "./checksum.ts";
import { readFields } from "./field.ts";

export type FrameCodec = Extract<DeviceCodec, { kind: "frame" }>;

function checksumFault({ checksum: c }: FrameCodec, bytes: Uint8Array): string | undefined {
  const part = bytes.subarray(c.from, c.to);
  const two = bytes[c.at]! * 256 + (bytes[c.at + 1] ?? 0);
  const [said, is] = {
    sum8: () => [bytes[c.at]!, sum8(part)],
    twos8: () => [bytes[c.at]!, twos8(part)],
    sum16be: () => [two, sum16(part)],
    "crc16-ccitt": () => [two, crc16Ccitt(part)],
  }[c.kind]() as [number, number];
  return said === is ? undefined : `checksum ${said} where the bytes give ${is}`;
}

/** Decodes exactly one frame of fixed length. */
export function decodeFrame(codec: FrameCodec, bytes: Uint8Array): Decoded {
  const header = bytesOf(codec.header)!;
  if (!startsWith(bytes, header.subarray(0, bytes.length))) return refused("wrong header");
  if (bytes.length !== codec.length) return refused(`${bytes.length} bytes where a frame has ${codec.length}`);
  const trailer = codec.trailer === undefined ? undefined : bytesOf(codec.trailer)!;
  if (trailer && !startsWith(bytes, trailer, bytes.length - trailer.length)) return refused("wrong end");
  const fault = checksumFault(codec, bytes);
  if (fault) return refused(fault);
  const { mark, warming, contradiction } = codec;
  if (mark && !startsWith(bytes, bytesOf(mark.bytes)!, mark.at)) return refused("another kind of frame");
  if (warming && bytes.subarray(warming.from, warming.to).every((byte) => byte === 0))
    return refused("all zero: warming up");
  const decoded = readFields(bytes, codec.fields);
  if (decoded.kind === "values" && contradiction) {
    const value = (name: string) => decoded.values.find((v) => v.name === name)?.value;
    if (value(contradiction.zero) === 0 && Number(value(contradiction.above)) > 0)
      return refused(`${contradiction.above} without any ${contradiction.zero}: inconsistent`);
  }
  return decoded;
}

/** Where reading a line goes on: what was decoded so far, and the bytes that may be the beginning of a frame. */
export type Cut = { readonly frames: readonly Decoded[]; readonly rest: Uint8Array };

/**
 * Finds the frames in what a serial line brought, with noise between them and frames split anywhere. A header whose
 * frame does not check may stand inside another frame's bytes, so the search goes on one byte later, not one frame later.
 */
export function cutFrames(codec: FrameCodec, bytes: Uint8Array): Cut {
  const header = bytesOf(codec.header)!;
  const frames: Decoded[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (!header.every((byte, i) => at + i >= bytes.length || bytes[at + i] === byte)) {
      at++;
      continue;
    }
    if (bytes.length - at < codec.length) break;
    const decoded = decodeFrame(codec, bytes.subarray(at, at + codec.length));
    frames.push(decoded);
    const whole =
      decoded.kind === "values" || checksumFault(codec, bytes.subarray(at, at + codec.length)) === undefined;
    at += whole ? codec.length : 1;
  }
  return { frames, rest: bytes.slice(at) };
}

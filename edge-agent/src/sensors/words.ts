import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { crc8Sensirion } from "./checksum.ts";
import { readFields } from "./field.ts";

/** Takes the CRC out of Sensirion's two-wire answers, where every two bytes are followed by theirs. */
export function wordsOf(bytes: Uint8Array): Uint8Array | { readonly why: string } {
  if (bytes.length === 0 || bytes.length % 3 !== 0)
    return { why: `${bytes.length} bytes are not words with their CRC` };
  const out = new Uint8Array((bytes.length / 3) * 2);
  for (let word = 0; word * 3 < bytes.length; word++) {
    const pair = bytes.subarray(3 * word, 3 * word + 2);
    const is = crc8Sensirion(pair);
    if (bytes[3 * word + 2] !== is)
      return { why: `CRC of word ${word + 1} is ${bytes[3 * word + 2]} where it should be ${is}` };
    out.set(pair, 2 * word);
  }
  return out;
}

export function decodeWords({ fields }: Extract<DeviceCodec, { kind: "words" }>, bytes: Uint8Array): Decoded {
  const words = wordsOf(bytes);
  return words instanceof Uint8Array ? readFields(words, fields) : refused(words.why);
}

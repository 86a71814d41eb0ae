/** One picture's RTP payloads, and whether it can be decoded without those before it. */
export type Packets = { readonly key: boolean; readonly payloads: readonly Uint8Array[] };

/** Payloads stay below this, so that with all headers a packet fits an Ethernet frame. */
export const payloadLimit = 1400;

/** The NAL units of an Annex B byte stream, without start codes. */
export function* nalUnits(stream: Uint8Array): Generator<Uint8Array> {
  let begun = -1;
  for (let i = 0; i + 2 < stream.length; i += 1) {
    if (stream[i + 2] !== 1 || stream[i] !== 0 || stream[i + 1] !== 0) continue;
    if (begun >= 0) yield trimmed(stream.subarray(begun, i));
    begun = i + 3;
    i += 2;
  }
  if (begun >= 0) yield trimmed(stream.subarray(begun));
}

/** A zero before the next start code belongs to that start code. */
function trimmed(nal: Uint8Array): Uint8Array {
  let end = nal.length;
  while (end > 0 && nal[end - 1] === 0) end -= 1;
  return nal.subarray(0, end);
}

/**
 * One NAL unit as RTP payloads: alone when it is small, else in fragments. `head` is what each fragment begins with;
 * its last byte is the fragment header, which gets the marks of the first (80) and the last (40). `skip` bytes of the
 * unit's own header are told by `head` and left out.
 */
export function* fragments(nal: Uint8Array, head: readonly number[], skip: number): Generator<Uint8Array> {
  if (nal.length <= payloadLimit) return yield nal;
  const room = payloadLimit - head.length;
  for (let at = skip; at < nal.length; at += room) {
    const piece = nal.subarray(at, at + room);
    const payload = new Uint8Array(head.length + piece.length);
    payload.set(head);
    payload[head.length - 1]! |= (at === skip ? 0x80 : 0) | (at + piece.length === nal.length ? 0x40 : 0);
    payload.set(piece, head.length);
    yield payload;
  }
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

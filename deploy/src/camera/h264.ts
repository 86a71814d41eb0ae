/** Payloads stay below this, so that with all headers a packet fits an Ethernet frame. */
const limit = 1400;

/** The NAL units of an Annex B byte stream, without start codes. */
function* nalUnits(stream: Uint8Array): Generator<Uint8Array> {
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

const kind = (nal: Uint8Array): number => (nal[0] ?? 0) & 31;

/** One access unit as RTP payloads by RFC 6184: small NAL units alone, large ones in fragments (FU-A). */
export function packetsOf(unit: Uint8Array): { readonly key: boolean; readonly payloads: readonly Uint8Array[] } {
  const payloads: Uint8Array[] = [];
  let key = false;
  for (const nal of nalUnits(unit)) {
    if (kind(nal) === 5) key = true;
    // Access unit delimiters mean nothing in RTP.
    if (kind(nal) === 9 || nal.length === 0) continue;
    if (nal.length <= limit) {
      payloads.push(nal);
      continue;
    }
    const header = nal[0] ?? 0;
    for (let at = 1; at < nal.length; at += limit - 2) {
      const piece = nal.subarray(at, at + limit - 2);
      const edge = (at === 1 ? 0x80 : 0) | (at + piece.length === nal.length ? 0x40 : 0);
      const payload = new Uint8Array(piece.length + 2);
      payload[0] = (header & 0xe0) | 28;
      payload[1] = edge | (header & 31);
      payload.set(piece, 2);
      payloads.push(payload);
    }
  }
  return { key, payloads };
}

/** What the SDP tells of the stream: its parameter sets in base64, and profile and level in hex. */
export function parameterSets(unit: Uint8Array): { readonly base64: string; readonly profile: string } {
  const sets = [...nalUnits(unit)].filter((nal) => kind(nal) === 7 || kind(nal) === 8);
  return {
    base64: sets.map((nal) => Buffer.from(nal).toString("base64")).join(","),
    profile: Buffer.from(sets[0]?.subarray(1, 4) ?? []).toString("hex"),
  };
}

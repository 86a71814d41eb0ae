import { base64, fragments, nalUnits, type Packets } from "./nal-units.ts";

const kind = (nal: Uint8Array): number => (nal[0] ?? 0) & 31;

/** One access unit as RTP payloads by RFC 6184: small NAL units alone, large ones in fragments (FU-A). */
export function packetsOfH264(unit: Uint8Array): Packets {
  const nals = [...nalUnits(unit)];
  return {
    key: nals.some((nal) => kind(nal) === 5),
    // Access unit delimiters mean nothing in RTP.
    payloads: nals
      .filter((nal) => nal.length > 0 && kind(nal) !== 9)
      .flatMap((nal) => [...fragments(nal, [(nal[0]! & 0xe0) | 28, kind(nal)], 1)]),
  };
}

/** What the SDP tells of the stream: its parameter sets in base64, and profile and level in hex. */
export function formatOfH264(unit: Uint8Array): string {
  const sets = [...nalUnits(unit)].filter((nal) => kind(nal) === 7 || kind(nal) === 8);
  const profile = Buffer.from(sets[0]?.subarray(1, 4) ?? []).toString("hex");
  return `packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${sets.map(base64).join(",")}`;
}

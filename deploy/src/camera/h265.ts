import { base64, fragments, nalUnits, type Packets } from "./nal-units.ts";

const kind = (nal: Uint8Array): number => ((nal[0] ?? 0) >> 1) & 63;

/** One access unit as RTP payloads by RFC 7798: small NAL units alone, large ones in fragments (FU). */
export function packetsOfH265(unit: Uint8Array): Packets {
  const nals = [...nalUnits(unit)];
  return {
    // 16 to 21 are the pictures at which a decoder may begin.
    key: nals.some((nal) => kind(nal) >= 16 && kind(nal) <= 21),
    // Access unit delimiters mean nothing in RTP.
    payloads: nals
      .filter((nal) => nal.length > 1 && kind(nal) !== 35)
      .flatMap((nal) => [...fragments(nal, [(nal[0]! & 0x81) | (49 << 1), nal[1]!, kind(nal)], 2)]),
  };
}

/** What the SDP tells of the stream: its three kinds of parameter sets in base64. */
export function formatOfH265(unit: Uint8Array): string {
  const nals = [...nalUnits(unit)];
  const sets = (of: number): string =>
    nals
      .filter((nal) => kind(nal) === of)
      .map(base64)
      .join(",");
  return `sprop-vps=${sets(32)};sprop-sps=${sets(33)};sprop-pps=${sets(34)}`;
}

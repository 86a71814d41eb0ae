import { Trouble } from "@openkerb/contract";
import { type Packets, payloadLimit } from "./nal-units.ts";

type Jpeg = {
  readonly width: number;
  readonly height: number;
  /** 0 for 4:2:2, 1 for 4:2:0; with 64 added when there are restart markers. */
  readonly type: number;
  readonly restart: number;
  /** The quantiser of the brightness, then that of the colours, 64 bytes each. */
  readonly tables: Uint8Array;
  readonly scan: Uint8Array;
};

const refused = (): Trouble =>
  new Trouble(
    "the camera cannot send these JPEG pictures",
    "RTP carries baseline JPEG in 4:2:0 or 4:2:2, 2040 pixels at the most: encode with -c:v mjpeg -huffman default.",
  );

/** Takes a picture apart by its markers (ITU T.81, annex B). */
function parse(picture: Uint8Array): Jpeg {
  const view = new DataView(picture.buffer, picture.byteOffset, picture.byteLength);
  const quantisers = new Map<number, Uint8Array>();
  let frame: Omit<Jpeg, "scan" | "restart" | "tables"> | undefined;
  let uses: readonly [number, number] = [0, 0];
  let restart = 0;
  for (let at = 2; at + 4 <= picture.length; ) {
    const marker = view.getUint16(at);
    const body = at + 4;
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === 0xffdb)
      for (let table = body; table < end; table += 65) {
        // RTP's tables are of 8 bits unless said otherwise, which no camera does.
        if (picture[table]! >> 4) throw refused();
        quantisers.set(picture[table]!, picture.subarray(table + 1, table + 65));
      }
    else if (marker === 0xffc0) {
      const [height, width] = [view.getUint16(body + 1), view.getUint16(body + 3)];
      const sampling = picture[body + 7];
      if (picture[body + 5] !== 3 || width > 2040 || height > 2040) throw refused();
      if (sampling !== 0x21 && sampling !== 0x22) throw refused();
      frame = { width, height, type: sampling === 0x21 ? 0 : 1 };
      uses = [picture[body + 8]!, picture[body + 11]!];
    } else if (marker === 0xffdd) restart = view.getUint16(body);
    else if (marker === 0xffda) {
      const [luma, chroma] = uses.map((id) => quantisers.get(id));
      if (!frame || !luma || !chroma) throw refused();
      const tables = Uint8Array.from([...luma, ...chroma]);
      // The two bytes of the end marker are not sent.
      const scan = picture.subarray(end, picture.lastIndexOf(0xd9) - 1);
      return { ...frame, type: frame.type + (restart ? 64 : 0), restart, tables, scan };
    }
    at = end;
  }
  throw refused();
}

/** One JPEG picture as RTP payloads by RFC 2435, with its quantisers in the first. Throws Trouble for other JPEG. */
export function packetsOfJpeg(picture: Uint8Array): Packets {
  const { width, height, type, restart, tables, scan } = parse(picture);
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < scan.length; ) {
    const head = [0, at >> 16, (at >> 8) & 255, at & 255, type, 255, Math.ceil(width / 8), Math.ceil(height / 8)];
    // No piece is aligned to a restart: count 3fff and both edges say so.
    if (restart) head.push(restart >> 8, restart & 255, 255, 255);
    if (at === 0) head.push(0, 0, 0, tables.length, ...tables);
    const piece = scan.subarray(at, at + payloadLimit - head.length);
    payloads.push(Uint8Array.from([...head, ...piece]));
    at += piece.length;
  }
  return { key: true, payloads };
}

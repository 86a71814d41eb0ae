import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { twos8 } from "./checksum.ts";
import type { Cut } from "./frame.ts";

/** Gas codes of Winsen's ZE12A family. */
const gases: Readonly<Record<number, string>> = { 2: "NH3", 3: "H2S", 4: "CO", 42: "O3", 43: "SO2", 44: "NO2" };
const units: Readonly<Record<number, string>> = { 2: "mg/m3", 3: "[ppm]", 4: "[ppb]" };

/** Decodes FF gas unit decimals value(2) full-range(2) checksum: the module itself says what it measures, and in what. */
export function decodeWinsenGas(codec: Extract<DeviceCodec, { kind: "winsen-gas" }>, bytes: Uint8Array): Decoded {
  if (bytes[0] !== 0xff) return refused("wrong header");
  if (bytes.length !== 9) return refused(`${bytes.length} bytes where a frame has 9`);
  const is = twos8(bytes.subarray(1, 8));
  if (bytes[8] !== is) return refused(`checksum ${bytes[8]} where the bytes give ${is}`);
  const [gas, unit] = [gases[bytes[1]!], units[bytes[2]!]];
  if (gas === undefined) return refused(`unknown gas code ${bytes[1]}`);
  if (unit === undefined) return refused(`unknown unit code ${bytes[2]}`);
  if (bytes[3]! > 4) return refused(`${bytes[3]} decimals are not possible`);
  const divide = 10 ** bytes[3]!;
  const [raw, full] = [bytes[4]! * 256 + bytes[5]!, bytes[6]! * 256 + bytes[7]!];
  if (raw > full) return refused(`${raw / divide} is above the full range of ${full / divide}`);
  const metric = codec.gases[gas];
  return {
    kind: "values",
    values: [
      { name: gas, value: raw / divide, unit, ...(metric === undefined ? {} : { metric }), reference: codec.reference },
      { name: "full_range", value: full / divide, unit },
    ],
  };
}

/** Finds the frames in what a line brought, with noise between them and frames split anywhere. */
export function cutWinsenGas(codec: Extract<DeviceCodec, { kind: "winsen-gas" }>, bytes: Uint8Array): Cut {
  const frames: Decoded[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) {
      at++;
      continue;
    }
    if (bytes.length - at < 9) break;
    const frame = bytes.subarray(at, at + 9);
    frames.push(decodeWinsenGas(codec, frame));
    // A frame that does not check may begin at a byte of another one.
    at += frame[8] === twos8(frame.subarray(1, 8)) ? 9 : 1;
  }
  return { frames, rest: bytes.slice(at) };
}

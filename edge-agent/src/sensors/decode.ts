import type { DeviceProfile } from "@openkerb/contract";
import { decodeAlphasense } from "./alphasense.ts";
import { decodeBme280 } from "./bme280.ts";
import { bytesOf, type Decoded, refused, textOf } from "./bytes.ts";
import { decodeFrame } from "./frame.ts";
import { decodeRtu, decodeTcp } from "./modbus.ts";
import { decodeReported } from "./reported.ts";
import { decodeSdi12 } from "./sdi12.ts";
import { decodeShdlc } from "./shdlc.ts";
import { decodeSound } from "./sound.ts";
import { decodeWinsenGas } from "./winsen-gas.ts";
import { decodeWords } from "./words.ts";

/** What a device sent: bytes as hex digits, or a line or report as text. */
export type Sent = { readonly hex?: string | undefined; readonly text?: string | undefined };

/** Decodes what a device sent by its profile. */
export function decode({ codec, bus }: DeviceProfile, sent: Sent): Decoded {
  const bytes = sent.hex === undefined ? Uint8Array.from(sent.text ?? "", (c) => c.charCodeAt(0)) : bytesOf(sent.hex);
  if (!bytes) return refused("not pairs of hex digits");
  const text = sent.text ?? textOf(bytes);
  switch (codec.kind) {
    case "frame":
      return decodeFrame(codec, bytes);
    case "shdlc":
      return decodeShdlc(codec, bytes);
    case "words":
      return decodeWords(codec, bytes);
    case "modbus":
      // A TCP answer begins with the number of its request and two zero bytes, which a serial one cannot.
      return bus.kind === "modbus" && bus.over.includes("tcp") && bytes[2] === 0 && bytes[3] === 0
        ? decodeTcp(codec, bytes)
        : decodeRtu(codec, bytes);
    case "sdi12":
      return decodeSdi12(codec, text);
    case "bme280":
      return decodeBme280(bytes, codec.ranges);
    case "winsen-gas":
      return decodeWinsenGas(codec, bytes);
    case "alphasense":
      return decodeAlphasense(codec, bytes);
    case "json":
      return decodeReported(codec, text);
    case "sound":
      return decodeSound(bytes);
    default:
      return codec satisfies never;
  }
}

import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { crc16Modbus } from "./checksum.ts";
import { readFields } from "./field.ts";

export type ModbusCodec = Extract<DeviceCodec, { kind: "modbus" }>;

const exceptions: Readonly<Record<number, string>> = {
  1: "illegal function",
  2: "illegal data address",
  3: "illegal data value",
  4: "device failure",
  5: "acknowledged, still busy",
  6: "device busy",
  8: "memory parity error",
  10: "gateway path unavailable",
  11: "gateway target did not answer",
};

const withCrc = (bytes: readonly number[]): Uint8Array => {
  const crc = crc16Modbus(Uint8Array.from(bytes));
  return Uint8Array.from([...bytes, crc & 0xff, crc >> 8]);
};
const question = ({ unit, function: code, start, count }: ModbusCodec): number[] => [
  unit,
  code,
  start >> 8,
  start & 0xff,
  count >> 8,
  count & 0xff,
];

/** The request for the profile's registers over a serial line. */
export const askRtu = (codec: ModbusCodec): Uint8Array => withCrc(question(codec));
/** The same over TCP, with the number that the answer will repeat. */
export const askTcp = (codec: ModbusCodec, transaction: number): Uint8Array =>
  Uint8Array.from([transaction >> 8, transaction & 0xff, 0, 0, 0, 6, ...question(codec)]);

function decodeBody(codec: ModbusCodec, body: Uint8Array): Decoded {
  const [unit, code, length] = body;
  if (unit !== codec.unit) return refused(`answer of unit ${unit}, not ${codec.unit}`);
  if (code === (codec.function | 0x80)) return refused(`exception ${length}: ${exceptions[length!] ?? "unknown"}`);
  if (code !== codec.function) return refused(`answer to function ${code}, not ${codec.function}`);
  if (length !== body.length - 3 || length !== 2 * codec.count)
    return refused(`${body.length - 3} bytes for ${codec.count} registers`);
  return readFields(body.subarray(3), codec.fields, (register) => 2 * (register - codec.start));
}

/** Decodes an answer over a serial line. */
export function decodeRtu(codec: ModbusCodec, bytes: Uint8Array): Decoded {
  if (bytes.length < 5) return refused(`${bytes.length} bytes are too short`);
  const said = bytes.at(-2)! + 256 * bytes.at(-1)!;
  const is = crc16Modbus(bytes.subarray(0, -2));
  if (said !== is) return refused(`CRC ${said} where the bytes give ${is}`);
  return decodeBody(codec, bytes.subarray(0, -2));
}

/** Decodes an answer over TCP; `transaction` is checked where it is known. */
export function decodeTcp(codec: ModbusCodec, bytes: Uint8Array, transaction?: number): Decoded {
  if (bytes.length < 9) return refused(`${bytes.length} bytes are too short`);
  if (transaction !== undefined && bytes[0]! * 256 + bytes[1]! !== transaction)
    return refused("answer to another request");
  if (bytes[2] !== 0 || bytes[3] !== 0) return refused("not Modbus");
  if (bytes[4]! * 256 + bytes[5]! !== bytes.length - 6) return refused("wrong length");
  return decodeBody(codec, bytes.subarray(6));
}

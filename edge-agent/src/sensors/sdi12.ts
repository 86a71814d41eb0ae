import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, type FieldValue, refused } from "./bytes.ts";
import { crc16Arc } from "./checksum.ts";
import { labelled, scaled } from "./field.ts";

/** The three characters that carry a CRC on an SDI-12 line. */
export function sdi12Crc(text: string): string {
  const crc = crc16Arc(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  return String.fromCharCode(0x40 | (crc >> 12), 0x40 | ((crc >> 6) & 0x3f), 0x40 | (crc & 0x3f));
}

/** Address and values of an answer to a data command asked with CRC (`aD0!` after `aMC!`); nothing when it does not check. */
export function sdi12Values(
  answer: string,
): { readonly address: string; readonly values: readonly number[] } | undefined {
  const line = answer.replace(/\r?\n?$/, "");
  const [text, crc] = [line.slice(0, -3), line.slice(-3)];
  if (text.length < 1 || sdi12Crc(text) !== crc) return undefined;
  const parts = text.slice(1).match(/[+-]\d+(\.\d*)?|[+-]\.\d+/g) ?? [];
  if (parts.join("") !== text.slice(1)) return undefined;
  return { address: text[0]!, values: parts.map(Number) };
}

type Sdi12Codec = Extract<DeviceCodec, { kind: "sdi12" }>;

export function decodeSdi12(codec: Sdi12Codec, answer: string): Decoded {
  const line = sdi12Values(answer);
  return line ? sdi12Fields(codec, line.values) : refused("CRC or form of the line is wrong");
}

/** What the values of a measurement mean, all its data lines together. */
export function sdi12Fields({ fields }: Sdi12Codec, all: readonly number[]): Decoded {
  const values: FieldValue[] = [];
  for (const field of fields) {
    const raw = all[field.at];
    if (raw === undefined) return refused(`no value for ${field.name}`);
    values.push(labelled(field, field.absent?.includes(raw) ? null : scaled(raw, field)));
  }
  return { kind: "values", values };
}

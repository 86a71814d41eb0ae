import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { sum8 } from "./checksum.ts";
import { readFields } from "./field.ts";

type ShdlcCodec = Extract<DeviceCodec, { kind: "shdlc" }>;

const mark = 0x7e;
const stuffed = 0x7d;
const states: Readonly<Record<number, string>> = {
  1: "wrong data length",
  2: "unknown command",
  3: "no access right for the command",
  4: "illegal command parameter",
  40: "internal function argument out of range",
  67: "command not allowed in this state",
};

/** Takes the stuffing out byte by byte: replacing sequences one after the other would read 7D 5D 31 wrongly. */
export function unstuffed(bytes: Uint8Array): Uint8Array | undefined {
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== stuffed) {
      out.push(bytes[i]!);
      continue;
    }
    const next = bytes[++i];
    if (next === undefined) return undefined;
    out.push(next ^ 0x20);
  }
  return Uint8Array.from(out);
}

/** Decodes one answer of Sensirion's SHDLC: 7E address command state length data checksum 7E. */
export function decodeShdlc({ command, fields }: ShdlcCodec, bytes: Uint8Array): Decoded {
  if (bytes.length < 2 || bytes[0] !== mark || bytes.at(-1) !== mark) return refused("not framed by 7E");
  const plain = unstuffed(bytes.subarray(1, -1));
  if (!plain || plain.length < 5) return refused("too short");
  const sum = plain.at(-1)!;
  const is = ~sum8(plain.subarray(0, -1)) & 0xff;
  if (sum !== is) return refused(`checksum ${sum} where the bytes give ${is}`);
  const [, said, state, length] = plain;
  if (said !== command) return refused(`answer to command ${said}, not ${command}`);
  if (state !== 0) {
    const why = states[state! & 0x7f] ?? "device error";
    return refused(`state 0x${state!.toString(16)}: ${why}`);
  }
  if (length !== plain.length - 5) return refused(`length ${length} with ${plain.length - 5} bytes of data`);
  if (length === 0) return refused("no new data");
  return readFields(plain.subarray(4, -1), fields);
}

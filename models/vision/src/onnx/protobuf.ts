/** Bytes of a protobuf message in the making: fields are appended in the order they are to stand in the file. */
export type Message = { readonly parts: Uint8Array[] };

export const message = (): Message => ({ parts: [] });

const text = new TextEncoder();

function varint(value: bigint | number): Uint8Array {
  // Negative numbers stand as 64-bit two's complement, ten bytes long.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const tag = (field: number, wire: 0 | 2 | 5): Uint8Array => varint((field << 3) | wire);

/** An int32, int64, bool or enum field. */
export function addInt(to: Message, field: number, value: bigint | number): void {
  to.parts.push(tag(field, 0), varint(value));
}

/** A float field. */
export function addFloat(to: Message, field: number, value: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  to.parts.push(tag(field, 5), bytes);
}

/** A bytes field, a string, or a message inside this one. The bytes are not copied until `bytesOf`. */
export function addBytes(to: Message, field: number, value: Uint8Array | string | Message): void {
  if (typeof value === "string") {
    addBytes(to, field, text.encode(value));
  } else if (value instanceof Uint8Array) {
    to.parts.push(tag(field, 2), varint(value.byteLength), value);
  } else {
    to.parts.push(tag(field, 2), varint(sizeOf(value)), ...value.parts);
  }
}

const sizeOf = (of: Message): number => of.parts.reduce((sum, part) => sum + part.byteLength, 0);

export function bytesOf(of: Message): Uint8Array {
  const all = new Uint8Array(sizeOf(of));
  let at = 0;
  for (const part of of.parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

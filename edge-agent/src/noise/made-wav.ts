/** For tests: a WAV file made chunk by chunk, so that each may be odd. */
export type MadeWav = {
  readonly rate?: number;
  readonly channels?: number;
  /** Of a sample's container; `valid` of them count, left-justified, where the format is extensible. */
  readonly bits?: number;
  readonly valid?: number;
  /** 1 whole numbers, 3 floating point, 0xfffe extensible (of `sub`), anything else compressed. */
  readonly tag?: number;
  readonly sub?: number;
  /** What the headings say instead of the truth. */
  readonly dataSize?: number;
  readonly riffSize?: number;
  readonly blockAlign?: number;
  /** RF64: the 64-bit size in its ds64 chunk; the 32-bit sizes then say nothing. */
  readonly size64?: bigint;
  /** Chunks before and after the data, with their names. */
  readonly before?: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly after?: readonly (readonly [name: string, bytes: Uint8Array])[];
};

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const numbers = (...of: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array =>
  joined(
    ...of.map(([bytes, value]) => {
      const out = Buffer.alloc(bytes);
      if (bytes === 2) out.writeUInt16LE(value);
      else out.writeUInt32LE(value);
      return new Uint8Array(out);
    }),
  );
/** A chunk with the padding that an odd length asks for. */
const chunk = (name: string, bytes: Uint8Array, size = bytes.length): Uint8Array =>
  joined(ascii(name), numbers([4, size]), bytes, new Uint8Array(bytes.length % 2));

function sampleBytes(values: readonly number[], bits: number, float: boolean): Uint8Array {
  const width = bits / 8;
  const out = Buffer.alloc(values.length * width);
  values.forEach((v, i) => {
    const at = i * width;
    if (float && bits === 32) out.writeFloatLE(v, at);
    else if (float) out.writeDoubleLE(v, at);
    else if (bits === 8) out.writeUInt8(Math.round(v * 128) + 128, at);
    else out.writeIntLE(Math.round(v * 2 ** (bits - 1)), at, width);
  });
  return new Uint8Array(out);
}

/** Values are shares of full scale, channel after channel. */
export function madeWav(values: readonly number[], of: MadeWav = {}): Uint8Array {
  const { rate = 48_000, channels = 1, bits = 16, tag = 1, sub = 1, valid = bits, before = [], after = [] } = of;
  const { blockAlign = (channels * bits) / 8 } = of;
  const plain = numbers([2, tag], [2, channels], [4, rate], [4, rate * blockAlign], [2, blockAlign], [2, bits]);
  const guid = joined(numbers([2, sub]), Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71));
  const format = tag === 0xfffe ? joined(plain, numbers([2, 22], [2, valid], [4, 0]), guid) : plain;
  const data = sampleBytes(values, bits, tag === 3 || (tag === 0xfffe && sub === 3));
  const wide = of.size64 !== undefined;
  const ds64 = Buffer.alloc(28);
  if (of.size64 !== undefined) ds64.writeBigUInt64LE(of.size64, 8);
  const body = joined(
    ascii("WAVE"),
    ...(wide ? [chunk("ds64", new Uint8Array(ds64))] : []),
    ...before.map(([name, bytes]) => chunk(name, bytes)),
    chunk("fmt ", format),
    chunk("data", data, of.dataSize ?? (wide ? 0xffff_ffff : data.length)),
    ...after.map(([name, bytes]) => chunk(name, bytes)),
  );
  return joined(ascii(wide ? "RF64" : "RIFF"), numbers([4, of.riffSize ?? (wide ? 0xffff_ffff : body.length)]), body);
}

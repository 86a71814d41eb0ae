import { Trouble } from "@openkerb/contract";

export type WavFormat = {
  readonly rate: number;
  readonly channels: number;
  readonly bits: number;
  readonly float: boolean;
};

const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function formatOf(chunk: Uint8Array): WavFormat {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk.length < 16) throw new Trouble("The recording's format chunk is too short.");
  const [tag, channels, rate, bits] = [
    view.getUint16(0, true),
    view.getUint16(2, true),
    view.getUint32(4, true),
    view.getUint16(14, true),
  ];
  // An extensible format carries the plain one's number in the first two bytes of its GUID.
  const kind = tag === 0xfffe && chunk.length >= 26 ? view.getUint16(24, true) : tag;
  const float = kind === 3;
  if (!(kind === 1 || float) || ![8, 16, 24, 32, 64].includes(bits) || (float && bits < 32) || (!float && bits > 32))
    throw new Trouble(
      `The recording is compressed (format ${kind}, ${bits} bits).`,
      "Save it as uncompressed PCM WAV.",
    );
  if (channels < 1 || rate < 2000 || rate > 400_000)
    throw new Trouble(`${channels} channels at ${rate} Hz cannot be measured.`);
  return { rate, channels, bits, float };
}

/** Samples of one channel as shares of full scale, -1 to 1. */
function samplesOf(bytes: Uint8Array, { channels, bits, float }: WavFormat, channel: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bits / 8;
  const out = new Float64Array(Math.floor(bytes.length / (width * channels)));
  for (let i = 0; i < out.length; i++) {
    const at = (i * channels + channel) * width;
    if (float) out[i] = bits === 32 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    else if (bits === 8) out[i] = (view.getUint8(at) - 128) / 128;
    else if (bits === 16) out[i] = view.getInt16(at, true) / 32_768;
    else if (bits === 24) out[i] = (view.getUint8(at) + 256 * view.getInt16(at + 1, true)) / 8_388_608;
    else out[i] = view.getInt32(at, true) / 2_147_483_648;
  }
  return out;
}

/** Reads an uncompressed WAV stream piece by piece; nothing of it is kept. Works for pipes, whose length is not known. */
export async function readWav(
  input: AsyncIterable<Uint8Array>,
  channel: number,
): Promise<{ readonly format: WavFormat; readonly samples: AsyncIterable<Float64Array> }> {
  const pieces = input[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const more = async (): Promise<boolean> => {
    const { value, done } = await pieces.next();
    if (done) return false;
    rest = joined(rest, value);
    return true;
  };
  const need = async (count: number): Promise<void> => {
    while (rest.length < count)
      if (!(await more())) throw new Trouble("The recording ends within its heading.", "Give a WAV file.");
  };
  await need(12);
  if (!["RIFF", "RF64"].includes(ascii(rest, 0)) || ascii(rest, 8) !== "WAVE")
    throw new Trouble("This is no WAV file.", "Give an uncompressed WAV file.");
  let at = 12;
  let format: WavFormat | undefined;
  for (;;) {
    await need(at + 8);
    const [name, size] = [ascii(rest, at), new DataView(rest.buffer, rest.byteOffset).getUint32(at + 4, true)];
    at += 8;
    if (name === "data") {
      if (!format) throw new Trouble("The recording has no format before its data.");
      if (channel >= format.channels)
        throw new Trouble(`The recording has ${format.channels} channels, not ${channel + 1}.`);
      rest = rest.slice(at);
      // A pipe does not know its length and writes the largest there is, or nothing.
      const left = size === 0 || size >= 0xffff_fff0 ? Number.POSITIVE_INFINITY : size;
      return { format, samples: dataOf(format, left) };
    }
    await need(at + size + (size % 2));
    if (name === "fmt ") format = formatOf(rest.subarray(at, at + size));
    at += size + (size % 2);
  }

  async function* dataOf(of: WavFormat, length: number): AsyncGenerator<Float64Array> {
    const frame = (of.bits / 8) * of.channels;
    let left = length;
    for (;;) {
      const whole = Math.min(rest.length, left);
      const usable = whole - (whole % frame);
      if (usable > 0) yield samplesOf(rest.slice(0, usable), of, channel);
      rest = rest.slice(usable);
      left -= usable;
      if (left < frame || !(await more())) return;
    }
  }
}

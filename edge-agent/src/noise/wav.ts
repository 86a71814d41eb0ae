import { Trouble } from "@openkerb/contract";
import { byteSource } from "./byte-source.ts";

export type WavFormat = {
  readonly rate: number;
  readonly channels: number;
  /** Of a sample's container: what is in use of it stands at its upper end. */
  readonly bits: number;
  readonly float: boolean;
};

export type Recording = {
  readonly format: WavFormat;
  /** Shares of full scale, -1 to 1, of one channel. */
  readonly samples: AsyncIterable<Float64Array>;
  /** Seconds that the heading promised and the input did not hold; known when the samples are over. */
  readonly missing: () => number;
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const ascii = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

function formatOf(chunk: Uint8Array): WavFormat {
  if (chunk.length < 16) throw new Trouble("The recording's format chunk is too short.");
  const view = viewOf(chunk);
  const [tag, channels, rate] = [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true)];
  const [frame, said] = [view.getUint16(12, true), view.getUint16(14, true)];
  // An extensible format carries the plain one's number in the first two bytes of its GUID.
  const kind = tag === 0xfffe && chunk.length >= 26 ? view.getUint16(24, true) : tag;
  if (kind !== 1 && kind !== 3)
    throw new Trouble(
      `The recording is compressed (format ${kind}, ${said} bits).`,
      "Save it as uncompressed PCM WAV.",
    );
  if (channels < 1 || rate < 2000 || rate > 400_000)
    throw new Trouble(`${channels} channels at ${rate} Hz cannot be measured.`);
  const width = frame === 0 ? Math.ceil(said / 8) : frame / channels;
  if (!Number.isInteger(width)) throw new Trouble(`The recording has ${channels} channels in ${frame} bytes.`);
  const float = kind === 3;
  const sound = float
    ? (width === 4 || width === 8) && said === 8 * width
    : width <= 4 && said > 0 && said <= 8 * width;
  if (!sound) throw new Trouble(`Samples of ${said} bits in ${width} bytes cannot be read.`);
  return { rate, channels, bits: 8 * width, float };
}

/** One channel of whole frames. */
function samplesOf(bytes: Uint8Array, { channels, bits, float }: WavFormat, channel: number): Float64Array {
  const view = viewOf(bytes);
  const width = bits / 8;
  const out = new Float64Array(bytes.length / (width * channels));
  for (let i = 0; i < out.length; i++) {
    const at = (i * channels + channel) * width;
    if (float) out[i] = bits === 32 ? view.getFloat32(at, true) : view.getFloat64(at, true);
    else if (bits === 8) out[i] = (view.getUint8(at) - 128) / 128;
    else if (bits === 16) out[i] = view.getInt16(at, true) / 32_768;
    else if (bits === 24) out[i] = (view.getUint8(at) + 256 * view.getInt16(at + 1, true)) / 8_388_608;
    else out[i] = view.getInt32(at, true) / 2_147_483_648;
    if (!Number.isFinite(out[i])) throw new Trouble(`The recording holds a sample that is no number (${out[i]}).`);
  }
  return out;
}

const ordinal = (n: number): string => `${n}${["th", "st", "nd", "rd"][n < 20 ? n : n % 10] ?? "th"}`;

/**
 * Bytes of sound that follow the heading, as far as that is known: who writes into a pipe does not know it and says
 * nothing, or the largest number it can think of (ffmpeg, sox, arecord).
 */
function soundBytes(size: number, { at, riff, wide }: { at: number; riff: number; wide: bigint | undefined }): number {
  if (size === 0xffff_ffff && wide) return Number(wide);
  const isGuess = size >= 0xffff_fff0 || (size >= 0x7fff_0000 && size <= 0x8000_0000);
  // A file that ends with its heading was never finished; one in which something else follows is empty.
  const isUnfinished = size === 0 && riff + 8 <= at;
  return isGuess || isUnfinished ? Number.POSITIVE_INFINITY : size;
}

/** Reads an uncompressed WAV stream piece by piece; nothing of it is kept. Throws Trouble where it cannot be measured. */
export async function readWav(input: AsyncIterable<Uint8Array>, channel: number): Promise<Recording> {
  const source = byteSource(input);
  const heading = await source.upTo(12);
  if (heading.length === 0) throw new Trouble("There is no recording: the input is empty.", "Give a WAV file.");
  const known = ["RIFF", "RF64", "BW64"].some((name) => name.startsWith(ascii(heading, 0)));
  if (!known || !"WAVE".startsWith(ascii(heading, 8)))
    throw new Trouble("This is no WAV file.", "Give an uncompressed WAV file.");
  const need = async (count: number): Promise<Uint8Array> => {
    const bytes = await source.upTo(count);
    if (bytes.length < count) throw new Trouble("The recording ends within its heading.", "Give a WAV file.");
    return bytes;
  };
  if (heading.length < 12) await need(12 - heading.length);
  const riff = viewOf(heading).getUint32(4, true);
  let format: WavFormat | undefined;
  let wide: bigint | undefined;
  for (;;) {
    const chunk = await need(8);
    const [name, size] = [ascii(chunk, 0), viewOf(chunk).getUint32(4, true)];
    if (name === "data") {
      if (!format) throw new Trouble("The recording has no format before its data.");
      const { channels } = format;
      if (channel >= channels)
        throw new Trouble(
          `The recording has ${channels === 1 ? "one channel" : `${channels} channels`}, no ${ordinal(channel + 1)}.`,
        );
      return soundOf(format, soundBytes(size, { at: source.at, riff, wide }));
    }
    const read = name === "fmt " || name === "ds64";
    const content = read ? await need(Math.min(size, 4096)) : new Uint8Array();
    await source.skip(size + (size % 2) - content.length);
    if (name === "fmt ") format = formatOf(content);
    if (name === "ds64" && content.length >= 16) wide = viewOf(content).getBigUint64(8, true);
  }

  function soundOf(format: WavFormat, length: number): Recording {
    const frame = (format.bits / 8) * format.channels;
    let left = length - (length % frame || 0);
    async function* samples(): AsyncGenerator<Float64Array> {
      for (;;) {
        const bytes = await source.some(frame, left);
        if (bytes.length === 0) return;
        left -= bytes.length;
        yield samplesOf(bytes, format, channel);
      }
    }
    return { format, samples: samples(), missing: () => (Number.isFinite(left) ? left / frame / format.rate : 0) };
  }
}

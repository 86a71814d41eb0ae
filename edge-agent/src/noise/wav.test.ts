import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { madeWav } from "./made-wav.ts";
import { meter } from "./meter.ts";
import { readWav } from "./wav.ts";

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}
const opened = async (bytes: Uint8Array, channel = 0, size = 7) => {
  const { samples, missing, format } = await readWav(inPieces(bytes, size), channel);
  const all: number[] = [];
  for await (const part of samples) all.push(...part);
  return { all, missing: missing(), format };
};
const read = async (...of: Parameters<typeof opened>) => (await opened(...of)).all;
const values = [0, 0.5, -0.5, 0.25, -1, 0.75];

describe("a recording", () => {
  it.each([8, 16, 24, 32])("of %i bits is read in pieces of any size", async (bits) => {
    for (const size of [1, 2, 3, 7, 44, 100]) expect(await read(madeWav(values, { bits }), 0, size)).toEqual(values);
  });

  it.each([
    ["32-bit floating point", { tag: 3, bits: 32 }],
    ["64-bit floating point", { tag: 3, bits: 64 }],
    ["the extensible format", { tag: 0xfffe, sub: 1, bits: 24 }],
    ["the extensible format with 20 of 24 bits in use", { tag: 0xfffe, sub: 1, bits: 24, valid: 20 }],
    ["the extensible format with 24 of 32 bits in use", { tag: 0xfffe, sub: 1, bits: 32, valid: 24 }],
    ["extensible floating point", { tag: 0xfffe, sub: 3, bits: 32 }],
    ["RF64", { size64: 12n }],
    ["RF64 from a pipe, which does not know its length either", { size64: 0n }],
  ])("in %s is read", async (_, of) => {
    expect(await read(madeWav(values, of))).toEqual(values);
  });

  it("of several channels gives the one asked for, and names how many it has", async () => {
    expect(await read(madeWav(values, { channels: 2 }), 1)).toEqual([0.5, 0.25, 0.75]);
    expect(await read(madeWav(values, { channels: 6, bits: 24 }), 4)).toEqual([-1]);
    await expect(read(madeWav(values, { channels: 2 }), 2)).rejects.toThrow("The recording has 2 channels, no 3rd.");
    await expect(read(madeWav(values), 1)).rejects.toThrow("The recording has one channel, no 2nd.");
  });

  const title = ["LIST", new Uint8Array(5001).fill(65)] as const;
  it.each([
    ["what programs write beside the sound", {}],
    ["such chunks in RF64", { size64: 12n }],
  ])("with %s holds its sound alone", async (_, of) => {
    expect(
      await read(madeWav(values, { before: [title, ["bext", new Uint8Array(3)]], after: [title], ...of }), 0, 64),
    ).toEqual(values);
  });

  it.each([
    ["the largest length", { dataSize: 0xffff_ffff }],
    ["no length", { dataSize: 0, riffSize: 0 }],
    ["no length, as it was never finished", { dataSize: 0, riffSize: 36 }],
    ["what sox writes", { dataSize: 0x7fff_f000 }],
    ["what arecord writes", { dataSize: 0x8000_0000, riffSize: 0x8000_0024 }],
  ])("from a pipe with %s is read to the end, and nothing is missing", async (_, of) => {
    expect(await opened(madeWav(values, of))).toMatchObject({ all: values, missing: 0 });
  });

  it("without sound is empty, though chunks follow", async () => {
    expect(await read(madeWav([], { after: [title] }))).toEqual([]);
    expect(await read(madeWav([]))).toEqual([]);
  });

  it("that was cut off is read as far as it goes, and how many seconds are missing is known", async () => {
    const whole = madeWav(Array(4800).fill(0.5));
    const { all, missing } = await opened(whole.slice(0, -4801), 0, 1000);
    expect([all.length, missing]).toEqual([2399, 2401 / 48_000]);
    expect((await opened(whole, 0, 1000)).missing).toBe(0);
  });

  it.each([
    ["is nothing", new Uint8Array(), "There is no recording: the input is empty."],
    ["is no WAV file", new TextEncoder().encode("hello, this is text"), "This is no WAV file."],
    ["is an Ogg file", new TextEncoder().encode("OggS........................"), "This is no WAV file."],
    ["is shorter than its heading", madeWav([]).slice(0, 30), "The recording ends within its heading."],
    [
      "has a chunk that never ends",
      madeWav([], { before: [["junk", new Uint8Array(9)]] }).slice(0, 25),
      "ends within its",
    ],
    ["has no format", madeWav(values).with(12, 0x78), "The recording has no format before its data."],
    ["is compressed", madeWav(values, { tag: 85 }), "The recording is compressed (format 85, 16 bits)."],
    [
      "is µ-law in an extensible format",
      madeWav(values, { tag: 0xfffe, sub: 7, bits: 8 }),
      "compressed (format 7, 8 bits)",
    ],
    ["has whole numbers of 64 bits", madeWav(values).with(34, 64).with(32, 8), "Samples of 64 bits in 8 bytes"],
    ["has floating point of 16 bits", madeWav(values).with(20, 3), "Samples of 16 bits in 2 bytes"],
    ["has frames that hold no whole samples", madeWav(values, { channels: 2, blockAlign: 5 }), "2 channels in 5 bytes"],
    ["has no channels", madeWav(values).with(22, 0), "0 channels at 48000 Hz cannot be measured."],
    ["has an impossible rate", madeWav(values, { rate: 100 }), "1 channels at 100 Hz cannot be measured."],
  ] as [string, Uint8Array, string][])("that %s is refused, and said why", async (_, bytes, why) => {
    await expect(read(bytes)).rejects.toThrow(why);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("with a sample of %d is refused", async (value) => {
    await expect(read(madeWav([0, value, 0], { tag: 3, bits: 32 }))).rejects.toThrow("a sample that is no number");
  });

  it.each([
    ["12 of 16 bits", 12, 2],
    ["20 of 24 bits", 20, 3],
  ])("with %s in plain form is read by its full scale", async (_, bits, width) => {
    const bytes = madeWav(values, { bits: 8 * width });
    expect(await read(bytes.with(34, bits))).toEqual(values);
  });
});

describe("a tone as ffmpeg writes it", () => {
  /** A 1 kHz sine of an eighth of full scale, as WAV. */
  const tone = async (...words: string[]) => {
    const source = ["-hide_banner", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=1000:duration=2"];
    const { stdout } = await promisify(execFile)("ffmpeg", [...source, ...words, "-f", "wav", "-"], {
      ...{ encoding: "buffer", maxBuffer: 2 ** 24 },
    });
    return new Uint8Array(stdout);
  };
  const level = async (bytes: Uint8Array) => {
    const { format, samples } = await readWav(inPieces(bytes, 65_536), 0);
    const of = meter(format.rate);
    for await (const part of samples) of.add(part);
    return of.levels()!;
  };
  const wanted = 20 * Math.log10(1 / 8 / Math.SQRT2 / 2e-5);

  it.each(["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"])(
    "in %s has its level",
    async (codec) => {
      const { LAeq, LCeq, seconds } = await level(await tone("-c:a", codec));
      expect([seconds, Math.abs(LAeq - wanted) < 0.1, Math.abs(LCeq - wanted) < 0.1]).toEqual([2, true, true]);
    },
  );

  it.each([8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000])(
    "at %i Hz has its level, in its own third octave",
    async (rate) => {
      const { LAeq, thirdOctaves } = await level(await tone("-ar", String(rate), "-ac", "1"));
      expect([LAeq, thirdOctaves["1000"]!].map((l) => Math.abs(l - wanted) < 0.1)).toEqual([true, true]);
      expect(Object.keys(thirdOctaves).every((name) => Number(name) * 10 ** 0.05 <= rate / 2)).toBe(true);
    },
  );
});

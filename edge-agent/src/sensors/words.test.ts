import { expect, it } from "vitest";
import { crc8Sensirion } from "./checksum.ts";
import { decodeWords } from "./words.ts";

const word = (high: number, low: number) => [high, low, crc8Sensirion(Uint8Array.of(high, low))];
const codec = {
  kind: "words" as const,
  fields: [0, 2].map((at) => ({ name: `f${at}`, unit: "1", at, type: "u16be" as const })),
};

it("words with their CRC are read, and the first wrong one is named", () => {
  const line = [...word(1, 2), ...word(3, 4)];
  expect(decodeWords(codec, Uint8Array.from(line))).toMatchObject({ values: [{ value: 0x102 }, { value: 0x304 }] });
  const is = line[5];
  expect(decodeWords(codec, Uint8Array.from(line).with(5, is! ^ 1))).toEqual({
    kind: "refused",
    why: `CRC of word 2 is ${is! ^ 1} where it should be ${is}`,
  });
});

it("what is no whole number of words, or fewer words than the profile reads, is refused", () => {
  const whys = [[], word(1, 2).slice(0, 2), [...word(1, 2), 3], word(1, 2)].map((line) => {
    const decoded = decodeWords(codec, Uint8Array.from(line));
    return decoded.kind === "refused" && decoded.why;
  });
  expect(whys).toEqual([
    "0 bytes are not words with their CRC",
    "2 bytes are not words with their CRC",
    "4 bytes are not words with their CRC",
    "no bytes for f2",
  ]);
});

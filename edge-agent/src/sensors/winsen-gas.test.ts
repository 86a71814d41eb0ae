import { describe, expect, it } from "vitest";
import { twos8 } from "./checksum.ts";
import { cutWinsenGas, decodeWinsenGas } from "./winsen-gas.ts";

const codec = { kind: "winsen-gas" as const, gases: { CO: "co", NO2: "no2" } as const, reference: "298K" as const };
/** A frame with the checksum its bytes want. */
const frame = (gas: number, unit: number, decimals: number, value: number, full: number) => {
  const body = [gas, unit, decimals, value >> 8, value & 0xff, full >> 8, full & 0xff];
  return Uint8Array.from([0xff, ...body, twos8(Uint8Array.from(body))]);
};

describe("a gas module of Winsen", () => {
  it.each([
    [2, "NH3"],
    [3, "H2S"],
    [4, "CO"],
    [42, "O3"],
    [43, "SO2"],
    [44, "NO2"],
  ])("names the gas of code %i: %s", (code, name) => {
    expect(decodeWinsenGas(codec, frame(code, 3, 0, 1, 2))).toMatchObject({
      values: [{ name }, { name: "full_range" }],
    });
  });

  it.each([
    [2, "mg/m3"],
    [3, "[ppm]"],
    [4, "[ppb]"],
  ])("names the unit of code %i: %s", (code, unit) => {
    expect(decodeWinsenGas(codec, frame(4, code, 0, 1, 2))).toMatchObject({ values: [{ unit }, { unit }] });
  });

  it("says what it measures, of how much, with its decimals and its reference state", () => {
    expect(decodeWinsenGas(codec, frame(4, 3, 2, 0x1234, 0x1235))).toEqual({
      kind: "values",
      values: [
        { name: "CO", value: 46.6, unit: "[ppm]", metric: "co", reference: "298K" },
        { name: "full_range", value: 46.61, unit: "[ppm]" },
      ],
    });
    const unasked = decodeWinsenGas(codec, frame(2, 3, 4, 500, 500));
    expect(unasked).toMatchObject({ values: [{ name: "NH3", value: 0.05 }, { value: 0.05 }] });
    expect(unasked.kind === "values" && "metric" in unasked.values[0]!).toBe(false);
  });

  it.each([
    ["another header", Uint8Array.from([0xfe, ...frame(4, 3, 1, 1, 2).slice(1)]), "wrong header"],
    ["a byte too many", Uint8Array.from([...frame(4, 3, 1, 1, 2), 0]), "10 bytes where a frame has 9"],
    ["a changed byte", frame(4, 3, 1, 1, 2).with(5, 3), "checksum 245 where the bytes give 243"],
    ["an unknown gas", frame(99, 3, 1, 1, 2), "unknown gas code 99"],
    ["an unknown unit", frame(4, 9, 1, 1, 2), "unknown unit code 9"],
    ["five decimals", frame(4, 3, 5, 1, 2), "5 decimals are not possible"],
    ["more than it can measure", frame(4, 3, 1, 5001, 5000), "500.1 is above the full range of 500"],
  ])("refuses %s", (_, bytes, why) => {
    expect(decodeWinsenGas(codec, bytes)).toEqual({ kind: "refused", why });
  });

  it("is understood in a noisy line that is cut anywhere, also where a frame's bytes look like a beginning", () => {
    const [first, second, headerInside] = [
      frame(4, 3, 1, 16, 5000),
      frame(44, 4, 0, 7, 900),
      frame(4, 3, 0, 0xff, 0xffff),
    ];
    const line = Uint8Array.from([
      7,
      0xff,
      3,
      ...first,
      ...second,
      0xff,
      ...headerInside,
      ...headerInside,
      ...first.slice(0, 8),
    ]);
    for (let cut = 0; cut <= line.length; cut++) {
      const before = cutWinsenGas(codec, line.slice(0, cut));
      const after = cutWinsenGas(codec, Uint8Array.from([...before.rest, ...line.slice(cut)]));
      const found = [...before.frames, ...after.frames].flatMap((f) =>
        f.kind === "values" ? [f.values[0]!.value] : [],
      );
      expect([cut, found]).toEqual([cut, [1.6, 7, 255, 255]]);
      expect(after.rest).toEqual(first.slice(0, 8));
    }
  });
});

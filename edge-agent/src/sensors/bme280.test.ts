import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Calibration, calibrationOf, compensate, decodeBme280 } from "./bme280.ts";

describe("the compensation of a BME280", () => {
  const t = [27504, 26435, -1000] as const;
  const p = [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000] as const;
  const with_ = (changes: Record<number, number>) => p.map((v, i) => changes[i] ?? v) as unknown as typeof p;
  const adc = (h: number) => ({ t: 519888, p: 415148, h });
  const pascal = (of: { pascal256: number | undefined }) => of.pascal256! / 256;

  it("gives the datasheet's example", () => {
    const of = compensate({ t, p, h: [75, 362, 0, 333, 0, 30] }, adc(25000));
    expect([of.tFine, of.celsius100, Math.round(pascal(of) * 100)]).toEqual([128422, 2508, 10065325]);
    expect(of.percent1024 / 1024).toBeCloseTo(20.778, 3);
  });

  // alp-sdk's tests of Bosch's code at the ends of the constants' ranges.
  it.each([
    ["signs turned", { 3: -2855, 4: -140, 6: -15500 }, [75, 363, 0, -349, -30, 30], 28656, 114530, 102400],
    ["humidity that overflows 32 bits", {}, [75, 363, 0, -2048, -2048, 30], 40960, 100653, 102400],
    ["the smallest pressure constants", { 3: -32768, 6: -32768 }, [75, 363, 0, 349, 30, 30], 28656, 197689, 35945],
  ] as [string, Record<number, number>, [number, number, number, number, number, number], number, number, number][])(
    "holds with %s",
    (_, changes, h, raw, pa, percent) => {
      const of = compensate({ t, p: with_(changes), h }, adc(raw));
      expect([of.celsius100, Math.floor(pascal(of)), of.percent1024]).toEqual([2508, pa, percent]);
    },
  );

  it("has no pressure where the formula would divide by zero", () => {
    expect(compensate({ t, p: with_({ 0: 0 }), h: [75, 362, 0, 333, 0, 30] }, adc(25000)).pascal256).toBeUndefined();
  });
});

/** The registers 88-9F, A1 and E1-E7 as a sensor with these constants holds them, and F7-FE of a measurement. */
function registers({ t, p, h }: Calibration, adc: { t: number; p: number; h: number }): Uint8Array {
  const view = new DataView(new ArrayBuffer(40));
  view.setUint16(0, t[0], true);
  view.setInt16(2, t[1], true);
  view.setInt16(4, t[2], true);
  view.setUint16(6, p[0], true);
  for (let i = 1; i < 9; i++) view.setInt16(6 + 2 * i, p[i]!, true);
  const [h1, h2, h3, h4, h5, h6] = h;
  view.setUint8(24, h1);
  view.setInt16(25, h2, true);
  view.setUint8(27, h3);
  view.setUint8(28, (h4 >> 4) & 0xff);
  view.setUint8(29, (h4 & 0x0f) | ((h5 & 0x0f) << 4));
  view.setUint8(30, (h5 >> 4) & 0xff);
  view.setInt8(31, h6);
  view.setUint32(32, (adc.p << 12) >>> 0);
  // The pressure's last byte has four bits of nothing; temperature follows in the same way.
  view.setUint8(35, adc.t >> 12);
  view.setUint8(36, (adc.t >> 4) & 0xff);
  view.setUint8(37, (adc.t & 0x0f) << 4);
  view.setUint16(38, adc.h);
  return new Uint8Array(view.buffer);
}

const signed = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const unsigned = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const s = signed(16);

it("the constants of any BME280 are found where Bosch burns them in", () => {
  const any = fc.record({
    t: fc.tuple(unsigned(16), s, s),
    p: fc.tuple(unsigned(16), s, s, s, s, s, s, s, s),
    h: fc.tuple(unsigned(8), s, unsigned(8), signed(12), signed(12), signed(8)),
  });
  fc.assert(
    fc.property(any, (of) => {
      expect(calibrationOf(registers(of, { t: 0, p: 0, h: 0 }))).toEqual(of);
    }),
  );
});

/** Bosch's formula in floating point (datasheet, appendix 8.1): °C, hPa, %. */
function floating({ t, p, h }: Calibration, adc: { t: number; p: number; h: number }) {
  const fine =
    (adc.t / 16_384 - t[0] / 1024) * t[1] + (adc.t / 131_072 - t[0] / 8192) * (adc.t / 131_072 - t[0] / 8192) * t[2];
  let a = fine / 2 - 64_000;
  const b = ((a * a * p[5]) / 32_768 + a * p[4] * 2) / 4 + p[3] * 65_536;
  a = (1 + ((p[2] * a * a) / 524_288 + p[1] * a) / 524_288 / 32_768) * p[0];
  let pascal = ((1_048_576 - adc.p - b / 4096) * 6250) / a;
  pascal += ((p[8] * pascal * pascal) / 2_147_483_648 + (pascal * p[7]) / 32_768 + p[6]) / 16;
  const x = fine - 76_800;
  let wet = adc.h - (h[3] * 64 + (h[4] / 16_384) * x);
  wet *= (h[1] / 65_536) * (1 + (h[5] / 67_108_864) * x * (1 + (h[2] / 67_108_864) * x));
  wet *= 1 - (h[0] * wet) / 524_288;
  return [fine / 5120, pascal / 100, Math.min(100, Math.max(0, wet))] as const;
}

it("the whole-number compensation agrees with Bosch's floating one over the constants that sensors have", () => {
  const between = (min: number, max: number) => fc.integer({ min, max });
  const made = fc.record({
    t: fc.tuple(between(26_000, 29_500), between(25_000, 28_000), between(-2000, 2000)),
    p: fc.tuple(
      ...([between(34_000, 39_500), between(-11_500, -9500), between(2500, 3500), between(-2000, 12_000)] as const),
      ...([between(-500, 500), between(-100, 100), between(8000, 16_000), between(-15_000, -8000)] as const),
      between(3000, 7000),
    ),
    h: fc.tuple(
      between(0, 120),
      between(330, 400),
      between(0, 255),
      between(200, 400),
      between(-200, 200),
      between(-40, 40),
    ),
  });
  const adc = fc.record({ t: between(430_000, 590_000), p: between(250_000, 500_000), h: between(15_000, 45_000) });
  fc.assert(
    fc.property(made, adc, (of, raw) => {
      const decoded = decodeBme280(registers(of, raw));
      const [celsius, hectopascal, percent] = floating(of, raw);
      const said = decoded.kind === "values" ? decoded.values.map(({ value }) => Number(value)) : [];
      expect(Math.abs(said[0]! - celsius)).toBeLessThan(0.011);
      expect(Math.abs(said[1]! - hectopascal)).toBeLessThan(0.02);
      expect(Math.abs(said[2]! - percent)).toBeLessThan(0.05);
    }),
    { numRuns: 300 },
  );
});

it("a BME280 that has not measured yet, or not everything, says so", () => {
  const of: Calibration = {
    t: [27504, 26435, -1000],
    p: [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000],
    h: [75, 362, 0, 333, 0, 30],
  };
  const values = (adc: { t: number; p: number; h: number }) => {
    const decoded = decodeBme280(registers(of, adc));
    return decoded.kind === "values" ? decoded.values.map(({ value }) => value) : decoded.why;
  };
  expect(values({ t: 0x80000, p: 0x80000, h: 0x8000 })).toBe("no measurement yet");
  expect(values({ t: 519888, p: 0x80000, h: 25000 })).toEqual([25.08, null, 20.778]);
  expect(values({ t: 519888, p: 415148, h: 0x8000 })).toEqual([25.08, 1006.5325, null]);
  expect(decodeBme280(new Uint8Array(39))).toEqual({ kind: "refused", why: "39 bytes where the registers have 40" });
});

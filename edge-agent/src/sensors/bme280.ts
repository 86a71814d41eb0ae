import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, type FieldValue, refused } from "./bytes.ts";
import { inRange } from "./field.ts";

/** The constants that Bosch burns into each sensor (BME280 datasheet, table 16). */
export type Calibration = {
  readonly t: readonly [number, number, number];
  readonly p: readonly [number, number, number, number, number, number, number, number, number];
  readonly h: readonly [number, number, number, number, number, number];
};

const s12 = (value: number): number => (value & 0x800 ? value - 0x1000 : value);

/** Reads them from registers 88-9F (24 bytes), A1 (1) and E1-E7 (7). */
export function calibrationOf(bytes: Uint8Array): Calibration {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u = (at: number) => view.getUint16(at, true);
  const i = (at: number) => view.getInt16(at, true);
  const e = 25;
  return {
    t: [u(0), i(2), i(4)],
    p: [u(6), i(8), i(10), i(12), i(14), i(16), i(18), i(20), i(22)],
    h: [
      bytes[24]!,
      view.getInt16(e, true),
      bytes[e + 2]!,
      s12((bytes[e + 3]! << 4) | (bytes[e + 4]! & 0x0f)),
      s12((bytes[e + 5]! << 4) | (bytes[e + 4]! >> 4)),
      view.getInt8(e + 6),
    ],
  };
}

/**
 * Bosch's integer compensation (datasheet 4.2.3) in whole numbers of any size: the 64-bit pressure does not fit a float,
 * and the 32-bit humidity overflows with extreme constants. Gives 0.01 °C, 1/256 Pa and 1/1024 %.
 */
export function compensate(
  { t, p, h }: Calibration,
  adc: { readonly t: number; readonly p: number; readonly h: number },
): {
  readonly tFine: number;
  readonly celsius100: number;
  readonly pascal256: number | undefined;
  readonly percent1024: number;
} {
  const [t1, t2, t3] = t.map(BigInt) as [bigint, bigint, bigint];
  const at = BigInt(adc.t);
  const v1 = (((at >> 3n) - (t1 << 1n)) * t2) >> 11n;
  const v2 = (((((at >> 4n) - t1) * ((at >> 4n) - t1)) >> 12n) * t3) >> 14n;
  const fine = v1 + v2;
  const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = p.map(BigInt) as bigint[] as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  let a = fine - 128_000n;
  let b = a * a * p6;
  b += (a * p5) << 17n;
  b += p4 << 35n;
  a = ((a * a * p3) >> 8n) + ((a * p2) << 12n);
  a = (((1n << 47n) + a) * p1) >> 33n;
  let pascal: bigint | undefined;
  if (a !== 0n) {
    pascal = ((((1_048_576n - BigInt(adc.p)) << 31n) - b) * 3125n) / a;
    const c = (p9 * (pascal >> 13n) * (pascal >> 13n)) >> 25n;
    const d = (p8 * pascal) >> 19n;
    pascal = ((pascal + c + d) >> 8n) + (p7 << 4n);
  }
  const [h1, h2, h3, h4, h5, h6] = h.map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint];
  let x = fine - 76_800n;
  const wet = ((BigInt(adc.h) << 14n) - (h4 << 20n) - h5 * x + 16_384n) >> 15n;
  const warm = (((((x * h6) >> 10n) * (((x * h3) >> 11n) + 32_768n)) >> 10n) + 2_097_152n) * h2 + 8192n;
  x = wet * (warm >> 14n);
  x -= ((((x >> 15n) * (x >> 15n)) >> 7n) * h1) >> 4n;
  x = x < 0n ? 0n : x > 419_430_400n ? 419_430_400n : x;
  return {
    tFine: Number(fine),
    celsius100: Number((fine * 5n + 128n) >> 8n),
    pascal256: pascal === undefined ? undefined : Number(pascal),
    percent1024: Number(x >> 12n),
  };
}

/** Decodes the registers 88-9F, A1, E1-E7 and F7-FE, read one after the other (40 bytes). */
export function decodeBme280(
  bytes: Uint8Array,
  ranges: Extract<DeviceCodec, { kind: "bme280" }>["ranges"] = {},
): Decoded {
  if (bytes.length !== 40) return refused(`${bytes.length} bytes where the registers have 40`);
  const [m, n, o, q, r, s, v, w] = bytes.subarray(32) as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const adc = { p: (m << 12) | (n << 4) | (o >> 4), t: (q << 12) | (r << 4) | (s >> 4), h: (v << 8) | w };
  // 0x80000 and 0x8000 are what the registers hold before the first measurement.
  if (adc.t === 0x80000) return refused("no measurement yet");
  const { celsius100, pascal256, percent1024 } = compensate(calibrationOf(bytes), adc);
  const [pascal, percent] = [adc.p === 0x80000 ? undefined : pascal256, adc.h === 0x8000 ? undefined : percent1024];
  const values: FieldValue[] = [
    { name: "temp", value: celsius100 / 100, unit: "Cel", metric: "temperature" },
    {
      ...{ name: "pres", unit: "hPa", metric: "pressure" },
      value: pascal === undefined ? null : Number((pascal / 25_600).toFixed(4)),
    },
    {
      ...{ name: "rhum", unit: "%", metric: "humidity" },
      value: percent === undefined ? null : Number((percent / 1024).toFixed(3)),
    },
  ];
  return { kind: "values", values: values.map((one) => inRange(one, ranges[one.metric as keyof typeof ranges])) };
}

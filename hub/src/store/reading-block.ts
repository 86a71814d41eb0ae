import type { QualityFlag, Reading } from "@openkerb/contract";

/** One reading as a block holds it. `delay` is the hub's time of arrival minus `at`, milliseconds. */
export type Packed = {
  readonly at: number;
  readonly sequence: number;
  readonly value: number;
  readonly quality: QualityFlag;
  readonly clock: Reading["clock"];
  readonly delay: number;
};

/** What the next reading is written as a difference to. */
export type Tail = { readonly at: number; readonly sequence: number; readonly delay: number };

const flags: readonly QualityFlag[] = [1, 2, 3, 4, 9];
const clocks: readonly Reading["clock"][] = ["synced", "unsynced", "unknown"];
/** Instead of a number of decimals: the value stands there as a double. */
const double = 15;
const mostDecimals = 9;
/** Every reading fits: a head, four numbers of at most eight bytes, a double. */
const largest = 48;

/**
 * Appends readings to nothing or to a block that ends with `tail`: a byte of flag, clock and decimals, then time,
 * sequence and delay as differences and the value without its point, each in as few bytes as it needs.
 */
export function pack(readings: readonly Packed[], tail: Tail): Buffer {
  const out = Buffer.allocUnsafe(readings.length * largest);
  let end = 0;
  let { at, sequence, delay } = tail;
  const put = (signed: number): void => {
    // Arithmetic, not bits: times and sequences are larger than 32 bits.
    let rest = signed < 0 ? -2 * signed - 1 : 2 * signed;
    while (rest >= 128) {
      out[end++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    out[end++] = rest;
  };
  for (const r of readings) {
    const decimals = decimalsOf(r.value);
    out[end++] = (flags.indexOf(r.quality) * 3 + clocks.indexOf(r.clock)) * 16 + decimals;
    put(r.at - at);
    put(r.sequence - sequence);
    put(r.delay - delay);
    if (decimals === double) end = out.writeDoubleLE(r.value, end);
    else put(Math.round(r.value * 10 ** decimals));
    ({ at, sequence, delay } = r);
  }
  return Buffer.from(out.subarray(0, end));
}

/** The readings of a block that began with `tail`, in the order in which they arrived. */
export function unpack(body: Uint8Array, tail: Tail): Packed[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const readings: Packed[] = [];
  let from = 0;
  let { at, sequence, delay } = tail;
  const take = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = body[from++];
      if (byte === undefined) throw new RangeError("a block of readings ends in the middle of one");
      value += (byte % 128) * scale;
      if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
      scale *= 128;
    }
  };
  while (from < body.length) {
    const head = body[from++] as number;
    const kind = Math.floor(head / 16);
    at += take();
    sequence += take();
    delay += take();
    let value: number;
    if (head % 16 === double) {
      value = view.getFloat64(from, true);
      from += 8;
    } else value = take() / 10 ** (head % 16);
    const quality = flags[Math.floor(kind / 3)];
    const clock = clocks[kind % 3];
    if (quality === undefined || clock === undefined) throw new RangeError("a block of readings holds an unknown flag");
    readings.push({ at, sequence, value, quality, clock, delay });
  }
  return readings;
}

/** With how many decimals the value is exactly what it is, `double` when none of a few will do. */
function decimalsOf(value: number): number {
  let scale = 1;
  for (let decimals = 0; decimals <= mostDecimals; decimals++, scale *= 10) {
    const whole = Math.round(value * scale);
    if (Math.abs(whole) > 2 ** 40) return double;
    if (whole / scale === value && !Object.is(whole, -0)) return decimals;
  }
  return double;
}

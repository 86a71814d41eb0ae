/**
 * Exact numbers for rules that round: 125.5 must round as 125.5, whatever a binary float makes of 0.078.
 * Always in lowest terms with a positive denominator, so two equal values look the same.
 */
export type Fraction = { readonly n: bigint; readonly d: bigint };

const divisor = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

const reduced = (n: bigint, d: bigint): Fraction => {
  if (d === 0n) throw new RangeError("division by zero");
  const sign = d < 0n ? -1n : 1n;
  const g = divisor(n, sign * d) || 1n;
  return { n: (sign * n) / g, d: (sign * d) / g };
};

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/** The exact value of a decimal number as written, or nothing when the text is not one. */
export function parseFraction(text: string): Fraction | undefined {
  const parts = decimal.exec(text.trim());
  if (!parts) return undefined;
  const [, sign, whole = "", after = "", exponent = "0"] = parts;
  if (whole === "" && after === "") return undefined;
  const shift = Number(exponent) - after.length;
  const digits = BigInt(`${whole}${after}`) * (sign === "-" ? -1n : 1n);
  return shift >= 0 ? reduced(digits * 10n ** BigInt(shift), 1n) : reduced(digits, 10n ** BigInt(-shift));
}

/** As `parseFraction` for values known to be numbers; a float counts as the decimal it prints. */
export function fraction(value: string | number): Fraction {
  const exact = parseFraction(String(value));
  if (!exact) throw new RangeError(`not a number: ${value}`);
  return exact;
}

export const plus = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.n, a.d * b.d);
export const over = (a: Fraction, b: Fraction): Fraction => reduced(a.n * b.d, a.d * b.n);
/** Below zero when a < b, zero when they are equal. */
export const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};
export const zero: Fraction = { n: 0n, d: 1n };

const floor = (f: Fraction): bigint => (f.n >= 0n ? f.n / f.d : -((-f.n + f.d - 1n) / f.d));

/** Rounds to the next whole number upwards, as HJ 633 asks of every index. */
export const ceil = (f: Fraction): number => Number(-floor({ n: -f.n, d: f.d }));
/** Rounds to the nearest whole number, a half upwards, as the EPA's worked example does (125.5 gives 126). */
export const halfUp = (f: Fraction): number => Number(floor(plus(f, { n: 1n, d: 2n })));

const atPlaces = (f: Fraction, places: number, whole: (scaled: Fraction) => bigint): Fraction => {
  const scale = 10n ** BigInt(places);
  return reduced(whole(reduced(f.n * scale, f.d)), scale);
};
/** Cuts off everything behind the given decimal place, towards zero. */
export const truncated = (f: Fraction, places: number): Fraction => atPlaces(f, places, (s) => s.n / s.d);
/** Rounds to the given decimal place, a half to the even neighbour (GB/T 8170). */
export const halfEven = (f: Fraction, places: number): Fraction =>
  atPlaces(f, places, (s) => {
    const below = floor(s);
    const rest = 2n * (s.n - below * s.d) - s.d;
    return rest > 0n || (rest === 0n && below % 2n !== 0n) ? below + 1n : below;
  });

/** The nearest float, for output and for arithmetic no law rounds. */
export function toNumber(f: Fraction): number {
  if (f.n === 0n) return 0;
  const size = f.n < 0n ? -f.n : f.n;
  // 30 significant digits are more than any float holds, and text to float is correctly rounded.
  const shift = 30 - (size.toString().length - f.d.toString().length);
  const digits = shift >= 0 ? (size * 10n ** BigInt(shift)) / f.d : size / (f.d * 10n ** BigInt(-shift));
  return Number(`${f.n < 0n ? "-" : ""}${digits}e${-shift}`);
}

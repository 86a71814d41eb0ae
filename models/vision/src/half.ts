const scratch = new DataView(new ArrayBuffer(4));

/**
 * The bits of the float16 nearest to a number (IEEE 754 binary16, ties to even), which Node before 24 has no array for.
 * Numbers beyond 65504 become infinite, as hardware does it.
 */
export function toHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  const fraction = bits & 0x7fffff;
  if (exponent >= 0x8f) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  if (exponent >= 0x1f) return sign | 0x7c00;
  // Below the smallest normal number the leading one is written out, and the step stays the same.
  const shift = exponent > 0 ? 13 : 14 - exponent;
  if (shift > 24) return sign;
  const whole = exponent > 0 ? (exponent << 23) | fraction : 0x800000 | fraction;
  const down = Math.floor(whole / 2 ** shift);
  const rest = whole - down * 2 ** shift;
  const half = 2 ** (shift - 1);
  return sign | (down + (rest > half || (rest === half && down % 2 === 1) ? 1 : 0));
}

/** The number that the bits of a float16 mean. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

import { type Column, type Flags, fail, good, missing, type Series, unknown } from "./series.ts";

/**
 * Two channels of one instrument that should agree: EPA drops a pair that differs by more than 5 µg/m³ and by more than
 * 70 % of its mean (USEPA/sensortoolkit, PurpleAir A/B cleaning).
 */
export function channelPair(
  { values }: Series,
  other: Column,
  {
    absolute = 5,
    relative = 0.7,
  }: { readonly absolute?: number | undefined; readonly relative?: number | undefined } = {},
): Flags {
  return values.map((a, i) => {
    const b = other[i];
    if (a === undefined) return missing;
    if (b === undefined) return unknown;
    const apart = Math.abs(a - b);
    return apart > absolute && 2 * apart > relative * Math.abs(a + b) ? fail : good;
  });
}

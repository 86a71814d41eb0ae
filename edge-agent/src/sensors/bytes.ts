import type { Instant, QualityFlag, SensorState } from "@openkerb/contract";

/** A whole minute of the clock, measured by a sensor that is a meter itself. */
export type Minute = {
  readonly at: Instant;
  readonly quality: QualityFlag;
  /** What goes behind the profile's version where a value says what made it. */
  readonly by: string;
  readonly state: Extract<SensorState, "measuring" | "cut-off" | "overloaded" | "uncalibrated">;
};

/** What a device said, or why it must not be taken for a measurement. */
export type Decoded =
  | { readonly kind: "values"; readonly values: readonly FieldValue[]; readonly minute?: Minute }
  | { readonly kind: "refused"; readonly why: string };

/** One number of a device; `null` where the device itself says that it has none. */
export type FieldValue = {
  readonly name: string;
  readonly value: number | string | null;
  readonly unit: string;
  readonly metric?: string;
  readonly reference?: string;
  /** What the device can measure, when the value lies beyond it and is not to be believed. */
  readonly outside?: readonly [number, number];
};

export const refused = (why: string): Decoded => ({ kind: "refused", why });

/** Bytes of hex digits, also with blanks, commas, colons or 0x between them; nothing when they are not pairs of them. */
export function bytesOf(hex: string): Uint8Array | undefined {
  const plain = hex.replace(/\b0x/gi, "").replace(/[\s:,-]/g, "");
  if (!/^([0-9a-f]{2})+$/i.test(plain)) return undefined;
  return Uint8Array.from(plain.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export const startsWith = (bytes: Uint8Array, start: Uint8Array, at = 0): boolean =>
  bytes.length >= at + start.length && start.every((byte, i) => bytes[at + i] === byte);

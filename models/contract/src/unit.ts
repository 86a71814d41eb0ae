import { z } from "zod";

/** A length of time. On the wire it is whole milliseconds; in code a bare number will not pass for one. */
export const Millis = z.int().nonnegative().brand<"Millis">();
export type Millis = z.infer<typeof Millis>;

/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export const Instant = z.int().nonnegative().brand<"Instant">();
export type Instant = z.infer<typeof Instant>;

/** A part of a whole, 0 to 1. */
export const Share = z.number().min(0).max(1).brand<"Share">();
export type Share = z.infer<typeof Share>;

export const millis = (n: number): Millis => Math.round(n) as Millis;
export const seconds = (n: number): Millis => millis(n * 1000);
export const minutes = (n: number): Millis => seconds(n * 60);
export const hours = (n: number): Millis => minutes(n * 60);
export const instant = (n: number): Instant => Math.round(n) as Instant;
export const after = (at: Instant, span: Millis): Instant => (at + span) as Instant;
/** From `from` to `to`; nothing when `to` is earlier, because a length of time is never negative. */
export const between = (from: Instant, to: Instant): Millis => Math.max(0, to - from) as Millis;
/** The start of the whole span (minute, hour) that `at` lies in, counted from the epoch in UTC. */
export const floorTo = (at: Instant, span: Millis): Instant => (at - (at % span)) as Instant;

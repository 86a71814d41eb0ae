import { between, type Instant } from "@openkerb/contract";

const spans = [
  { unit: "day", ms: 86_400_000, from: 172_800_000 },
  { unit: "hour", ms: 3_600_000, from: 7_200_000 },
  { unit: "minute", ms: 60_000, from: 60_000 },
  { unit: "second", ms: 1000, from: 0 },
] as const;

/** "4 minutes": a length of time as people say it, in its largest fitting unit, rounded down. */
export function lasting(from: Instant, to: Instant): string {
  const span = between(from, to);
  const { unit, ms } = spans.find((s) => span >= s.from) ?? spans[3];
  return countOf(Math.floor(span / ms), unit);
}

/** "1 minute", "4 minutes", "1,200 measurements". */
export const countOf = (n: number, thing: string): string =>
  `${n.toLocaleString("en-GB")} ${thing}${n === 1 ? "" : "s"}`;

/** "once", "twice", "5 times". */
export const numeral = (n: number): string =>
  n === 1 ? "once" : n === 2 ? "twice" : `${n.toLocaleString("en-GB")} times`;

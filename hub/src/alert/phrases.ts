import { between, type Instant, type Sentence, say } from "@openkerb/contract";

const spans = [
  { unit: "day", ms: 86_400_000, from: 172_800_000 },
  { unit: "hour", ms: 3_600_000, from: 7_200_000 },
  { unit: "minute", ms: 60_000, from: 60_000 },
  { unit: "second", ms: 1000, from: 0 },
] as const;

/** "4 minutes": a length of time as people say it, in its largest fitting unit, rounded down. */
export function lasting(from: Instant, to: Instant): Sentence {
  const span = between(from, to);
  const { unit, ms } = spans.find((s) => span >= s.from) ?? spans[3];
  return counted(Math.floor(span / ms), unit);
}

/** "1 minute", "4 minutes", "1,200 measurements". */
export const counted = (n: number, thing: "day" | "hour" | "minute" | "second" | "measurement"): Sentence =>
  say(n === 1 ? `one.${thing}` : `many.${thing}`, { n: n.toLocaleString("en-GB") });

/** "once", "twice", "5 times". */
export const numeral = (n: number): Sentence =>
  n === 1 ? say("once") : n === 2 ? say("twice") : say("times", { n: n.toLocaleString("en-GB") });

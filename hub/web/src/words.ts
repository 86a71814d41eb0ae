import type { AlertView, CameraTrouble, Direction, RoadClass, Severity } from "@openkerb/contract";
import { hubWords } from "./hub-words/hub-words.ts";
import { type Catalogue, type Language, locale, texts } from "./language/language.ts";
import * as said from "./words-texts.ts";

/** The language of the screen itself. */
const spoken: Catalogue<Language> = { en: "en", zh: "zh" };
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in its largest whole unit, e.g. `4 min`. Milliseconds in. */
export function span(ms: number): string {
  const { units, days } = texts(said);
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1000))} ${units.second}`;
  if (ms < hour) return `${Math.floor(ms / minute)} ${units.minute}`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} ${units.hour}`;
  return days(Math.floor(ms / day));
}

/** How long ago, e.g. `4 min ago`. Anything under five seconds, and a clock slightly behind, is `now`. */
export function age(at: number, now: number): string {
  const ms = now - at;
  const { now: justNow, ago } = texts(said);
  return ms < 5000 ? justNow : ago(span(ms));
}

/** Writes times in the language of the screen; a format is made once for each. */
export function timeFormat(options: Intl.DateTimeFormatOptions): (at: number) => string {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (at) => {
    const tag = locale();
    const format = made.get(tag) ?? new Intl.DateTimeFormat(tag, options);
    made.set(tag, format);
    return format.format(at);
  };
}

const clockOf = timeFormat({ hour: "2-digit", minute: "2-digit" });
const dayOf = timeFormat({ weekday: "short", day: "numeric", month: "short" });

/** `12:03`, with the day before it when that is not today's. */
export function clock(at: number, now: number = at): string {
  const [time, its] = [clockOf(at), dayOf(at)];
  return its === dayOf(now) ? time : texts(said).dayAndClock(its, time);
}

/** The whole moment with its time zone, for a tooltip or a table. */
export const moment = timeFormat({
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});

/** A whole number with thousands kept apart. */
export const whole = (n: number): string => n.toLocaleString(locale(), { maximumFractionDigits: 0 });

/** One decimal below a hundred, none above. */
export const rough = (n: number): string => (Math.abs(n) < 100 ? n.toFixed(1).replace(/\.0$/, "") : whole(n));

/** A share as percent. Only what is whole is called 100 %: 99.6 % rounds down. */
export const percent = (share: number): string => `${share >= 1 ? 100 : Math.min(99, Math.round(share * 100))} %`;

const sizes = ["B", "kB", "MB", "GB", "TB"];
/** Bytes in the unit that leaves one to three digits. */
export function bytes(n: number): string {
  let at = 0;
  let left = n;
  while (left >= 1000 && at < sizes.length - 1) {
    left /= 1000;
    at += 1;
  }
  return `${at === 0 ? left : rough(left)} ${sizes[at]}`;
}

/** `a`, `a and b`, `a, b and c`. */
export const listed = (all: readonly string[]): string => texts(said).listed(all);

/** The name of a class of road users, of one and of many. */
export const className = (cls: RoadClass) => texts(said).classes[cls];
/** A way over a line. */
export const wayName = (way: Direction): string => texts(said).ways[way];
export const severityName = (severity: Severity): string => texts(said).severities[severity];
/** What a camera suffers from, and what the person at the box does about it. */
export const troubleWords = (trouble: CameraTrouble) => texts(said).troubles[trouble];
/** The title that the hub gave; where it cannot be said in the language of the screen, the kind of the alert stands for it. */
export function alertTitle({ alert, words }: Pick<AlertView, "alert" | "words">): string {
  const { text, known } = hubWords(texts(spoken), words.title);
  return known ? text : (texts(said).kinds?.[alert.kind] ?? text);
}

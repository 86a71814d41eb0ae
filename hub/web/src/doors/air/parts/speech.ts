import { createContext, use } from "react";
import { localeOf } from "../../../language/language.ts";
import { type Language, useLanguage } from "./language.ts";
import { onTheClock, zoneName } from "./times.ts";

/** Hours east of UTC by which this city tells its days and hours. */
export const PlaceOffset = createContext(0);

/** Figures as a reader of that language writes them, and times by the clock of the place. */
function make(language: Language, offset: number) {
  const tag = localeOf(language);
  /** Of what a clock shows, written as UTC. */
  const written = (options: Intl.DateTimeFormatOptions) => {
    const made = new Intl.DateTimeFormat(tag, { ...options, timeZone: "UTC" });
    // A moment no calendar has would end the whole page.
    return (shown: number): string => (Math.abs(shown) <= 8.64e15 ? made.format(shown) : "–");
  };
  const format = (options: Intl.DateTimeFormatOptions) => {
    const write = written(options);
    return (at: number): string => write(onTheClock(at, offset));
  };
  const day = written({ weekday: "short", day: "numeric", month: "short" });
  const calendarDay = written({ day: "numeric", month: "short", year: "numeric" });
  const whole = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const fixed = new Map<number, Intl.NumberFormat>();
  return {
    tag,
    offset,
    /** A date of the form YYYY-MM-DD. */
    day: (text: string): string => day(Date.parse(text)),
    /** A date of the form YYYY-MM-DD with its year. */
    calendarDay: (text: string): string => calendarDay(Date.parse(text)),
    /** The day of a moment. */
    dayOf: (at: number): string => day(onTheClock(at, offset)),
    date: format({ day: "numeric", month: "short", year: "numeric" }),
    dayAndMonth: format({ day: "numeric", month: "short" }),
    monthAndYear: format({ month: "short", year: "numeric" }),
    clock: format({ hour: "2-digit", minute: "2-digit" }),
    moment: format({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }),
    whole: (at: number): string => `${whole(at)} ${zoneName(offset)}`,
    count: (n: number): string => n.toLocaleString(tag),
    fixed(n: number, places: number): string {
      const known = fixed.get(places);
      const format =
        known ?? new Intl.NumberFormat(tag, { minimumFractionDigits: places, maximumFractionDigits: places });
      if (!known) fixed.set(places, format);
      return format.format(n);
    },
    percent: (share: number): string => `${Math.round(share * 100)} %`,
  };
}
export type Speech = ReturnType<typeof make>;

const made = new Map<string, Speech>();
/** The same for the same language and place, so that whatever is worked out with it may be kept. */
export function speech(language: Language, offset: number): Speech {
  const key = `${language} ${offset}`;
  const one = made.get(key) ?? make(language, offset);
  made.set(key, one);
  return one;
}

/** How figures and times are written on this screen. */
export const useSpeech = (): Speech => speech(useLanguage(), use(PlaceOffset));

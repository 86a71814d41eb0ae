import { dailyMaxima8h, dailyMaxima8hChina, dayMeans, type Mean, type Region } from "./averages.ts";
import { day, hour } from "./timestamp.ts";

/** Means by hour, by day of the place, and daily maxima of 8-hour means where a law asks for them. */
export type Statistics = {
  readonly hour: readonly Mean[];
  readonly day: readonly Mean[];
  readonly mda8: readonly Mean[];
};

/** So many days at a time: few enough that whoever waits for it is not held up. */
const stretch = 16 * day;

/**
 * What laws compare with their figures, from hourly means in order of time. Days begin at the place's midnight; `from`
 * is one. It yields often, so that a year can be worked out in small pieces.
 */
export function* statisticsOf(
  hours: readonly Mean[],
  { from, region, offset, eightHours }: { from: number; region: Region; offset: number; eightHours: boolean },
): Generator<void, Statistics> {
  const days: Mean[] = [];
  const mda8: Mean[] = [];
  const first = hours.findIndex((mean) => mean.at >= from);
  let at = first === -1 ? hours.length : first;
  while (at < hours.length) {
    const start = from + Math.floor((hours[at]!.at - from) / stretch) * stretch;
    let end = at;
    while (end < hours.length && hours[end]!.at < start + stretch) end++;
    days.push(...dayMeans(hours.slice(at, end), region, offset));
    if (eightHours) {
      let lead = at;
      while (lead > 0 && hours[lead - 1]!.at >= start - 7 * hour) lead--;
      const maxima = region === "cn" ? dailyMaxima8hChina : dailyMaxima8h;
      mda8.push(...maxima(hours.slice(lead, end), offset).filter((mean) => mean.at >= start));
    }
    at = end;
    yield;
  }
  return { hour: first === -1 ? [] : hours.slice(first), day: days, mda8 };
}

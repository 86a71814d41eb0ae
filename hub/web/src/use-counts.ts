import type { LineId, RoadClass } from "@openkerb/contract";
import { useEffect } from "react";
import { cutAt, midnight, type Series, series, stretch, type Tally, tally, watchedShare } from "./counts.ts";
import { useNow, useScreen } from "./parts/live.tsx";
import { useCounts, useRecentEvents } from "./queries.ts";
import type { Range } from "./route.ts";

const minute = 60_000;
const hour = 60 * minute;
const lengths: Record<Exclude<Range, "today">, number> = { "1h": hour, "24h": 24 * hour, "7d": 168 * hour };
/** A chart of a new place is never narrower than this. */
const narrowest: Record<Range, number> = { "1h": 15 * minute, today: 6 * hour, "24h": 12 * hour, "7d": 24 * hour };

export type StreetCounts = {
  readonly loading: boolean;
  readonly error: Error | null;
  readonly again: () => void;
  readonly today: Tally;
  /** Since when today the place has been watched, and how much of that time. */
  readonly watched: { readonly since: number; readonly share: number } | undefined;
  readonly series: (line: LineId, only?: RoadClass) => Series & { readonly from: number; readonly to: number };
};

/** Counts of one place: today's sums, which tick with the street, and series over the chosen range. */
export function useStreetCounts(site: string, range: Range): StreetCounts {
  const screen = useScreen();
  const now = useNow();
  const cut = cutAt(now);
  const start = midnight(now);
  const minutesFrom = cut - hour;
  const minutes = useCounts(site, "minute", minutesFrom);
  const hours = useCounts(site, "hour", Math.min(start - (start % hour), cut - hour), cut);
  const span = range === "1h" ? minute : hour;
  const rangeFrom = range === "today" ? start : now - lengths[range];
  const longFrom = rangeFrom - (rangeFrom % hour);
  const long = useCounts(site, "hour", longFrom, span === hour ? undefined : longFrom);
  const recent = useRecentEvents(site, true);
  useEffect(() => {
    for (const stored of recent.data?.events ?? []) screen.event(stored);
  }, [recent.data, screen]);

  const bins = (span === minute ? minutes.data?.bins : long.data?.bins) ?? [];
  const to = now - (now % span) + span;
  const shown = stretch({ bins, from: rangeFrom, to, span, narrowest: narrowest[range] });
  const dayBins = hours.data?.bins.filter((b) => b.from < cut) ?? [];
  const rest = minutes.data?.bins.filter((b) => b.from >= cut && b.from + minute <= now - minute) ?? [];
  const all = [...dayBins, ...rest];
  const firstBin = all.find((b) => b.watched > 0 && b.from + b.span > start);
  // An hour that was watched in part most likely began within it; its minutes would say when.
  const first = firstBin && Math.max(start, firstBin.from + (firstBin.span - firstBin.watched * firstBin.span));
  const lastBin = all.at(-1);
  const until = lastBin ? lastBin.from + lastBin.span : now;
  return {
    loading: minutes.data === undefined || hours.data === undefined,
    error: minutes.error ?? hours.error,
    again: () => void Promise.all([minutes.refetch(), hours.refetch()]),
    today: tally({
      since: start,
      cut,
      hours: hours.data?.bins ?? [],
      minutes: minutes.data?.bins ?? [],
      street: screen.street,
    }),
    watched: first === undefined ? undefined : { since: first, share: watchedShare(all, first, until) ?? 0 },
    series: (line, only) => ({
      ...series({ bins, street: screen.street, line, only, from: shown.from, to, span, now }),
      ...shown,
    }),
  };
}

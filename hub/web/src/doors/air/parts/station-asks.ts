import { AirIndex, AirLimitList, AirSeries, type Metric } from "@openkerb/contract";
import { keepPreviousData, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { ask, hubNow, query } from "../../../api.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Whose index: that of the law in force in the city, of another region, or one rule set for every day. */
export type IndexChoice = { readonly region?: string; readonly standard?: string };

const asking = (path: string, words: Record<string, string | number | undefined>): string =>
  `/air/${path}?${query(words)}`;

/** The index of the last hours, oldest first; asked anew every five minutes. */
export const useIndexNow = (site: string, choice: IndexChoice) =>
  useQuery({
    queryKey: ["air", "index", site, choice],
    queryFn: ({ signal }) => {
      const to = Math.floor(hubNow() / hour) * hour;
      return ask(AirIndex, asking("index", { site, span: "hour", from: to - 24 * hour, to, ...choice }), { signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: 5 * minute,
  });

/** The index of whole days. */
export const useIndexDays = (site: string | undefined, from: number, to: number, choice: IndexChoice) =>
  useQuery({
    queryKey: ["air", "index-days", site, from, to, choice],
    queryFn: ({ signal }) => ask(AirIndex, asking("index", { site, span: "day", from, to, ...choice }), { signal }),
    enabled: site !== undefined && to > from,
    placeholderData: keepPreviousData,
  });

/** The figures of the law in force on a day (`YYYY-MM-DD`), WHO's beside them. */
export const useLimits = (day: string, region: string | undefined) =>
  useQuery({
    queryKey: ["air", "limits", day, region],
    queryFn: ({ signal }) => ask(AirLimitList, asking("limits", { day, region }), { signal }),
  });

type SeriesWish = {
  readonly site?: string;
  readonly metric: Metric;
  readonly from: number;
  readonly to: number;
  readonly points: number;
};
const series = (wish: SeriesWish) =>
  queryOptions({
    queryKey: ["air", "series", wish],
    queryFn: ({ signal }) => ask(AirSeries, asking("series", wish), { signal }),
  });

/** The lines of several charts at once. */
export const useEachSeries = (wishes: readonly SeriesWish[]) => useQueries({ queries: wishes.map(series) });

/** A chart's lines. A stretch that reaches until now is asked for anew every minute. */
export const useSeries = (wish: SeriesWish, live: boolean) =>
  useQuery({
    ...series(wish),
    placeholderData: keepPreviousData,
    ...(live && { refetchInterval: minute }),
  });

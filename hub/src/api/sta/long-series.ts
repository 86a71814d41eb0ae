import type { Instant } from "@openkerb/contract";
import type { FlagCounts } from "../../store/reading-queries.ts";
import type { Store } from "../../store/store.ts";
import type { ObservationRange } from "./entity.ts";

type Series = Pick<Store, "readings" | "rollups">;
type Range = Pick<ObservationRange, "from" | "to">;

const hour = 3_600_000;
const day = 24 * hour;
/** The last moment that rollups reach. */
const last = 2 ** 21 * hour - 1;
/** A shorter way is walked by the store itself. */
const shortWay = 5000;

const readingsIn = (flags: FlagCounts): number => Object.values(flags).reduce((a, b) => a + b);
const whole = (at: number, step: number): number => Math.ceil(at / step) * step;

/** Readings older than the oldest one kept are in the rollups still; nothing before it can be given. */
async function kept(store: Series, channel: number, { from, to }: Range): Promise<Range | undefined> {
  const span = { from: Math.max(0, from) as Instant, to: Math.min(to, last) as Instant };
  const [first] = await store.readings({ channel, ...span, limit: 1, skip: 0, newestFirst: false });
  return first && { from: first.at, to: Math.min(to, last) };
}

/** Readings that begin in a part of an hour, both ends meant. */
async function inPart(store: Series, channel: number, from: number, to: number): Promise<number> {
  let count = 0;
  const limit = 3600;
  for (;;) {
    const span = { from: from as Instant, to: to as Instant };
    const page = await store.readings({ channel, ...span, limit, skip: count, newestFirst: false });
    count += page.length;
    if (page.length < limit) return count;
  }
}

/** How many readings of a channel begin in a time, both ends meant: whole hours and days from what was added up. */
export async function countIn(store: Series, channel: number, range: Range): Promise<number> {
  const span = await kept(store, channel, range);
  if (!span) return 0;
  const { from } = span;
  const end = span.to + 1;
  const [firstHour, lastHour] = [whole(from, hour), Math.floor(end / hour) * hour];
  if (firstHour >= lastHour) return inPart(store, channel, from, span.to);
  const [firstDay, lastDay] = [whole(firstHour, day), Math.floor(lastHour / day) * day];
  const sum = async (step: "hour" | "day", start: number, stop: number): Promise<number> =>
    start >= stop
      ? 0
      : (await store.rollups(channel, step, start as Instant, stop as Instant)).reduce(
          (n, { flags }) => n + readingsIn(flags),
          0,
        );
  const edges =
    (firstHour > from ? await inPart(store, channel, from, firstHour - 1) : 0) +
    (end > lastHour ? await inPart(store, channel, lastHour, span.to) : 0);
  if (firstDay >= lastDay) return edges + (await sum("hour", firstHour, lastHour));
  const days = await sum("day", firstDay, lastDay);
  return edges + days + (await sum("hour", firstHour, firstDay)) + (await sum("hour", lastDay, lastHour));
}

/** The same page, begun later: days that lie wholly before it are passed over by their counts. */
export async function pastWholeDays(
  store: Series,
  channel: number,
  range: ObservationRange,
): Promise<ObservationRange> {
  if (range.skip < shortWay) return range;
  const span = await kept(store, channel, range);
  if (!span) return range;
  const { newestFirst } = range;
  const [firstDay, lastDay] = [whole(span.from, day), Math.floor((span.to + 1) / day) * day];
  if (firstDay >= lastDay) return range;
  const days = await store.rollups(channel, "day", firstDay as Instant, lastDay as Instant);
  const edge = newestFirst ? { from: lastDay, to: span.to } : { from: span.from, to: firstDay - 1 };
  let skip = range.skip - (edge.from > edge.to ? 0 : await countIn(store, channel, edge));
  if (skip < 0) return range;
  let start = newestFirst ? lastDay : firstDay;
  for (const bin of newestFirst ? days.toReversed() : days) {
    const count = readingsIn(bin.flags);
    if (count > skip) break;
    skip -= count;
    start = newestFirst ? bin.from : bin.from + day;
  }
  return { ...range, skip, ...(newestFirst ? { to: start - 1 } : { from: start }) };
}

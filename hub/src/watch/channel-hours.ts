import type { Hourly } from "../air/forecast/hourly.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { hourReader } from "../store/score-hours.ts";
import { hourSpan } from "../store/store.ts";

/** Other channels of the same place that may help; more would cost time and rarely help. */
const mostBeside = 12;
const weather = ["wind-speed", "wind-direction", "temperature", "humidity", "pressure", "rain"];
const radians = Math.PI / 180;

/** Weather first, then whatever else is measured there, raw before corrected. */
function besideOf(channel: Channel, all: readonly Channel[]): Channel[] {
  const rank = (c: Channel) => (weather.includes(c.metric) ? 0 : 1) + (c.correction === undefined ? 0 : 2);
  return all
    .filter((c) => c.site === channel.site && c.id !== channel.id)
    .sort((a, b) => rank(a) - rank(b) || a.id - b.id)
    .slice(0, mostBeside);
}

/**
 * The hours of a channel with what else is known of its place, on a grid of the place's own time (`offset` milliseconds
 * east of UTC). Undefined when nothing was measured.
 */
export function channelHours(
  read: ReturnType<typeof hourReader>,
  channel: Channel,
  all: readonly Channel[],
  { from, end, offset }: { from: number; end: number; offset: number },
): Hourly | undefined {
  const own = read(channel.id, channel.metric, from, end).filter(({ mean }) => mean !== undefined);
  const first = own[0]?.at;
  if (first === undefined) return undefined;
  const count = Math.round((end - first) / hourSpan);
  const blank = () => new Float64Array(count).fill(Number.NaN);
  const fill = (hours: readonly { at: number; mean: number | undefined }[], of = (v: number) => v) => {
    const column = blank();
    for (const { at, mean } of hours) if (mean !== undefined) column[Math.round((at - first) / hourSpan)] = of(mean);
    return column;
  };
  const beside = new Map<string, Float64Array>();
  for (const other of besideOf(channel, all)) {
    const hours = read(other.id, other.metric, first, end);
    if (other.metric === "wind-direction") {
      beside.set(
        `${other.id} north`,
        fill(hours, (v) => Math.cos(v * radians)),
      );
      beside.set(
        `${other.id} east`,
        fill(hours, (v) => Math.sin(v * radians)),
      );
    } else beside.set(`${other.id}`, fill(hours));
  }
  return { start: first + offset, count, target: fill(own), beside };
}

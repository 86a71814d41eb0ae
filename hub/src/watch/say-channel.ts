import { deserialize } from "node:v8";
import { foretell, type Model } from "../air/forecast/model.ts";
import type { forecastReader, Said } from "../store/forecast-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { hourReader } from "../store/score-hours.ts";
import { hourSpan } from "../store/store.ts";
import { channelHours } from "./channel-hours.ts";
import type { Task } from "./task.ts";

/** A value older than this is not the present. */
const oldest = 3 * hourSpan;
/** Before the first hour that a model remembers, for the means that lead up to it. */
const lead = 30 * 24 * hourSpan;

/** What the models of a channel say from the newest hour on; nothing when it has been said or nothing new is known. */
export function sayChannel(
  read: ReturnType<typeof hourReader>,
  stored: ReturnType<typeof forecastReader>,
  all: readonly Channel[],
  { channel, end, now }: Extract<Task, { kind: "say" }>,
  offset: number,
): Said[] {
  const newest = read(channel.id, channel.metric, end - oldest, end).findLast(({ mean }) => mean !== undefined);
  if (!newest || (stored.newest(channel.id) ?? 0) >= newest.at) return [];
  const known = newest.at;
  return stored.models(channel.id).flatMap(({ model: body, horizon }): Said[] => {
    const model = deserialize(body) as Model;
    const first = (model.tail.at[0] ?? 0) * hourSpan - offset;
    const hourly = channelHours(read, channel, all, { from: first - lead, end: known + hourSpan, offset });
    const told = hourly && foretell(model, hourly, known + offset).at(-1);
    if (!told) return [];
    const { value, low, high, base: damped } = told;
    return [
      {
        channel: channel.id,
        known,
        horizon,
        made: now,
        value,
        low,
        high,
        persisted: hourly.target[told.row]!,
        damped,
        warned: value > told.warnsAbove,
      },
    ];
  });
}

import { serialize } from "node:v8";
import { type Sentence, say } from "@openkerb/contract";
import { forecast } from "../air/forecast/forecast.ts";
import { learn } from "../air/forecast/model.ts";
import type { Look, StoredModel } from "../store/forecast-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { hourReader } from "../store/score-hours.ts";
import { hourSpan } from "../store/store.ts";
import { channelHours } from "./channel-hours.ts";
import { type HorizonRecord, warningRecord } from "./horizon-record.ts";
import type { Task } from "./task.ts";

export const horizons = [1, 3, 6, 12, 24] as const;
const day = 24 * hourSpan;
/** Two years show every season twice and bound the time of learning. */
const longestHistory = 730 * day;
/** Sixty days: of these the last fifteen are kept for testing. */
const leastHours = 60 * 24;
const longestTest = 120 * day;
/** A place that has said nothing for this long has nothing to be forecast from. */
const longestSilence = 3 * day;

type Learnt = { readonly look: Look; readonly models: readonly StoredModel[] };

/**
 * Learns a channel: once on all but the last part, which shows how good it is, and once on everything, which is what
 * forecasts. Nothing is learnt where little is known, and the reason is kept.
 */
export function learnChannel(
  read: ReturnType<typeof hourReader>,
  all: readonly Channel[],
  { channel, end, now, event }: Extract<Task, { kind: "learn" }>,
  offset: number,
): Learnt {
  const none = (why: Sentence): Learnt => ({ look: { channel: channel.id, learnt: now, why }, models: [] });
  if (event === undefined) return none(say("forecast.no-event", { unit: channel.unit }));
  const hourly = channelHours(read, channel, all, { from: end - longestHistory, end, offset });
  if (!hourly) return none(say("forecast.no-hour"));
  const { start, target } = hourly;
  const valid = target.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0);
  const last = start + target.findLastIndex((v) => !Number.isNaN(v)) * hourSpan;
  if (end + offset - last > longestSilence)
    return none(say("forecast.silent", { day: new Date(last + hourSpan).toISOString().slice(0, 10) }));
  if (valid < leastHours) return none(say("forecast.few-hours", { hours: valid, needed: leastHours }));
  const until = end + offset;
  const testFrom = until - Math.min(longestTest, Math.floor((until - start) / hourSpan / 4) * hourSpan);
  const records = new Map(
    forecast(hourly, horizons, testFrom, event.value).map(({ report: r }): [number, HorizonRecord] => [
      r.horizon,
      {
        tested: r.n,
        rmse: r.rmse,
        // A place where nothing ever changes has no skill to speak of; JSON knows no infinity.
        skillOverPersistence: Math.max(-9, r.skillOverPersistence),
        skillOverDampedPersistence: Math.max(-9, r.skillOverDampedPersistence),
        held: r.interval.coverage,
        event: event.value,
        eventSource: event.source,
        warnsAbove: r.warnsAbove,
        warnings: warningRecord(r.warnings),
        warningsOfPersistence: warningRecord(r.warningsOfPersistence),
      },
    ]),
  );
  if ([...records.values()].some(({ tested }) => tested < leastHours / 8)) return none(say("forecast.no-test"));
  const models = learn(hourly, horizons, until, event.value).map(
    (model): StoredModel => ({
      channel: channel.id,
      horizon: model.horizon,
      until: end,
      facts: JSON.stringify(records.get(model.horizon)),
      model: serialize(model),
    }),
  );
  return { look: { channel: channel.id, learnt: now, why: undefined }, models };
}

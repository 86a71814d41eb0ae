import {
  type AirForecast,
  type HorizonForecast,
  type Instant,
  instant,
  type LivedRecord,
  type Sentence,
  say,
} from "@openkerb/contract";
import { meanSquare, skill } from "../air/forecast/skill.ts";
import { figure, metricName, unitName } from "../air/in-words.ts";
import type { forecastReader, Look, Said } from "../store/forecast-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import { hourSpan } from "../store/store.ts";
import { type HorizonRecord, recordOfWarned, whyWithheld } from "./horizon-record.ts";

const day = 24 * hourSpan;
/** How far back what was said is shown hour by hour, and judged. */
export const shownBack = 7 * day;
export const judgedBack = 30 * day;
/** A forecast that knows nothing of the last hours is none. */
const oldest = 4 * hourSpan;

type Result = AirForecast["channels"][number]["result"];

/**
 * The newest forecast of a channel beside its record, or why there is none. `came` gives the mean of an hour that was
 * measured well enough.
 */
export function forecastView(
  channel: Channel,
  {
    reader,
    look,
    came,
    now,
    place,
    offset,
  }: {
    reader: ReturnType<typeof forecastReader>;
    look: Look | undefined;
    came: ReadonlyMap<number, number>;
    now: Instant;
    place: string;
    offset: number;
  },
): Result {
  const none = (why: Sentence): Result => ({ kind: "none", why });
  if (look === undefined) return none(say("forecast.not-learnt"));
  if (look.why !== undefined) return none(look.why);
  const known = reader.newest(channel.id);
  if (known === undefined) return none(say("forecast.not-made"));
  if (now - (known + hourSpan) > oldest)
    return none(say("forecast.old", { day: onClock(known + offset).day, clock: onClock(known + offset).clock }));
  const facts = new Map(reader.facts(channel.id).map((f) => [f.horizon, f]));
  const all = reader.said(channel.id, now - judgedBack, known);
  const newest = all.filter((s) => s.known === known);
  const past = all.filter((s) => forOf(s) + hourSpan <= now);
  const horizons = newest.flatMap((said): HorizonForecast[] => {
    const fact = facts.get(said.horizon);
    if (!fact) return [];
    const record = JSON.parse(fact.facts) as HorizonRecord;
    const own = past.filter((s) => s.horizon === said.horizon && came.has(forOf(s)));
    return [
      {
        horizon: said.horizon,
        for: instant(forOf(said)),
        value: said.value,
        low: said.low,
        high: said.high,
        held: record.held * 10,
        rmse: record.rmse,
        skillOverPersistence: record.skillOverPersistence,
        skillOverDampedPersistence: record.skillOverDampedPersistence,
        tested: record.tested,
        event: record.event,
        eventSource: record.eventSource,
        warnings: record.warnings,
        warningsOfPersistence: record.warningsOfPersistence,
        ...(own.length > 0 && { lived: livedRecord(own, came, record.event) }),
        warning: warningOf(said, record, channel, place, offset),
      },
    ];
  });
  if (horizons.length === 0) return none(say("forecast.not-made"));
  return {
    kind: "forecast",
    made: instant(newest[0]!.made),
    from: instant(known),
    learntUntil: instant([...facts.values()][0]!.until),
    horizons,
    past: past
      .filter((s) => forOf(s) >= now - shownBack)
      .sort((a, b) => forOf(a) - forOf(b) || a.horizon - b.horizon)
      .map((s) => {
        const value = came.get(forOf(s));
        return {
          for: instant(forOf(s)),
          horizon: s.horizon,
          value: s.value,
          low: s.low,
          high: s.high,
          ...(value !== undefined && { came: value }),
        };
      }),
  };
}

/** A moment that has been moved to the clock of its place. */
const onClock = (at: number): { day: string; clock: string } => {
  const text = new Date(at).toISOString();
  return { day: text.slice(0, 10), clock: text.slice(11, 16) };
};

const forOf = ({ known, horizon }: Said): number => known + horizon * hourSpan;

function livedRecord(said: readonly Said[], came: ReadonlyMap<number, number>, event: number): LivedRecord {
  const truth = said.map((s) => came.get(forOf(s))!);
  const error = (of: (s: Said) => number) => meanSquare(said.map(of), truth);
  const [mse, persisted, damped] = [error((s) => s.value), error((s) => s.persisted), error((s) => s.damped)];
  return {
    hours: said.length,
    rmse: Math.sqrt(mse),
    ...(persisted > 0 && { skillOverPersistence: skill(mse, persisted) }),
    ...(damped > 0 && { skillOverDampedPersistence: skill(mse, damped) }),
    held: (10 * said.filter((s, i) => truth[i]! >= s.low && truth[i]! <= s.high).length) / said.length,
    warnings: recordOfWarned(
      said.map((s) => s.warned === true),
      truth,
      event,
    ),
    warningsOfPersistence: recordOfWarned(
      said.map((s) => s.persisted > event),
      truth,
      event,
    ),
  };
}

function warningOf(
  said: Said,
  record: HorizonRecord,
  { metric, unit }: Channel,
  place: string,
  offset: number,
): HorizonForecast["warning"] {
  const why = whyWithheld(record);
  if (why !== undefined) return { kind: "withheld", why };
  if (said.warned !== true) return { kind: "not-expected" };
  const { pod = 0, far = 0 } = record.warnings;
  const percent = (share: number) => Math.round(share * 100);
  const of = (value: number) => `${figure(value)}${unitName[unit]}`;
  return {
    kind: "issued",
    words: say("warning.issued", {
      ...{ what: metricName(metric), place, source: record.eventSource },
      ...{ event: of(record.event), value: of(said.value), low: figure(said.low), high: figure(said.high) },
      ...{ clock: onClock(forOf(said) + offset).clock, pod: percent(pod), far: percent(far) },
    }),
  };
}

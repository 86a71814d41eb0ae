import { asSentence, type Metric, type Sentence, say, type Unit } from "@openkerb/contract";
import { figure, metricName, unitName } from "../in-words.ts";
import { isOut, type Stretch, type Usual } from "./stretches.ts";

const hour = 3_600_000;

/** A stretch in a sentence: what was measured at its most unusual hour and what is usual then, on the place's clock. */
export function stretchWords(
  { from, to, peak }: Stretch,
  usual: Usual | undefined,
  { metric, unit, place, offset }: { metric: Metric; unit: Unit; place: string; offset: number },
): Sentence {
  const local = (at: number) => new Date(at + offset).toISOString();
  const clock = (at: number) => local(at).slice(11, 16);
  const about = { what: metricName(metric), place, clock: clock(peak.at) };
  const amount = (value: number) => `${figure(value)}${unitName[unit]}`;
  const hourOf = (was: Sentence): Sentence =>
    from === to ? was : say("unusual.of-stretch", { was, from: clock(from), to: clock(to + hour) });
  if (peak.value === undefined) return asSentence(hourOf(say("unusual.hour", about)));
  const was = hourOf(say("unusual.value", { ...about, value: amount(peak.value) }));
  if (usual === undefined) return say("unusual.unknown", { was });
  const weekday = say(`weekday.${new Date(peak.at + offset).getUTCDay() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`);
  const [low, high] = [figure(usual.low), figure(usual.high)];
  const ordinary = usualWords(low === high ? amount(usual.low) : { low, high }, usual.weekday ? weekday : undefined);
  return say(isOut(peak.value, usual) ? "unusual.out" : "unusual.course", { was, usual: ordinary });
}

const usualWords = (range: string | { low: string; high: string }, weekday: Sentence | undefined): Sentence =>
  typeof range === "string"
    ? weekday === undefined
      ? say("unusual.usual", { value: range })
      : say("unusual.usual-on", { value: range, weekday })
    : weekday === undefined
      ? say("unusual.usual-range", range)
      : say("unusual.usual-range-on", { ...range, weekday });

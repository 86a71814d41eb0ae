import type { Metric, Unit } from "@openkerb/contract";
import { figure, metricName, unitName } from "../in-words.ts";
import { isOut, type Stretch, type Usual } from "./stretches.ts";

const hour = 3_600_000;
const days = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"] as const;

/** A stretch in a sentence: what was measured at its most unusual hour and what is usual then, on the place's clock. */
export function stretchWords(
  { from, to, peak }: Stretch,
  usual: Usual | undefined,
  { metric, unit, place, offset }: { metric: Metric; unit: Unit; place: string; offset: number },
): string {
  const local = (at: number) => new Date(at + offset).toISOString();
  const clock = (at: number) => local(at).slice(11, 16);
  const whole = from === to ? "" : `, the most unusual hour from ${clock(from)} to ${clock(to + hour)}`;
  const name = `${metricName[metric]} at ${place}`;
  const value = peak.value === undefined ? undefined : `${figure(peak.value)}${unitName[unit]}`;
  if (value === undefined) return `${name} was unusual at ${clock(peak.at)}${whole}.`;
  const was = `${name} was ${value} at ${clock(peak.at)}${whole}`;
  if (usual === undefined) return `${was}; too little is known yet of what is usual at this hour.`;
  const weekday = days[Math.floor((peak.at + offset) / (24 * hour)) % 7];
  const [low, high] = [figure(usual.low), figure(usual.high)];
  const range = low === high ? `${low}${unitName[unit]}` : `${low} to ${high}`;
  const ordinary = `at this hour ${usual.weekday ? `of a ${weekday} ` : ""}it is usually ${range}`;
  return isOut(peak.value, usual)
    ? `${was}; ${ordinary}.`
    : `${was}. That is no unusual value (${ordinary}), but its course over the hours before was.`;
}

import type { AirRegion, Instant, Pollutant } from "@openkerb/contract";
import { completeness, type Mean, tooFewMinutes } from "../../air/averages.ts";
import { convert, parseUnit, type Unit, type Wanted } from "../../air/concentration.ts";
import { fraction, over, times, toNumber } from "../../air/fraction.ts";
import { day, hour } from "../../air/timestamp.ts";
import type { Channel, ReadingBin } from "../../store/reading-queries.ts";
import { covers } from "./covers.ts";
import { inSlices } from "./in-slices.ts";
import type { LawStore } from "./law-store.ts";

/** The unit and reference state that a region's laws count in. */
export const lawUnit = (pollutant: Pollutant, region: AirRegion): Wanted => ({
  unit: pollutant === "co" ? "mg/m3" : "ug/m3",
  state: region === "eu" ? "293K" : "298K",
});

/** A channel's unit as the engine reads it; nothing for what is no concentration. */
export const unitOfChannel = ({ unit, reference }: Channel): Unit | undefined =>
  parseUnit(reference === "293K" || reference === "298K" ? `${unit}@${reference}` : unit);

/** What one unit of a channel is in another: `from` ≠ `to` only by a factor, so one conversion serves all values. */
function factorOf(channel: Channel, pollutant: Pollutant, wanted: Wanted) {
  const unit = unitOfChannel(channel);
  const one = unit && convert(fraction(1), pollutant, unit, wanted);
  return one?.kind === "value" ? one.value : undefined;
}

/** Rows asked of the store at once: few enough that taking them over holds nothing up. */
const stretch = 45 * day;

/** Hours of a channel, oldest first, up to but not with `to`. */
export async function hourBins(
  store: Pick<LawStore, "rollups">,
  channel: number,
  from: number,
  to: number,
): Promise<ReadingBin[]> {
  const bins: ReadingBin[] = [];
  for (let at = from; at < to; at += stretch)
    bins.push(...(await store.rollups(channel, "hour", at as Instant, Math.min(to, at + stretch) as Instant)));
  return bins;
}

type Bin = Pick<ReadingBin, "mean" | "coverage"> & { readonly from: number };

function* meansOf(bins: readonly Bin[], factor: ReturnType<typeof fraction>): Generator<void, Mean[]> {
  const same = factor.n === factor.d;
  const needed = completeness.hourMinutes;
  const means: Mean[] = [];
  for (const [i, { from, mean, coverage }] of bins.entries()) {
    const minutes = Math.round(coverage * 60 * 1000) / 1000;
    if (mean === undefined || minutes < needed) means.push({ kind: "none", at: from, why: tooFewMinutes(minutes) });
    else {
      const value = same ? mean : toNumber(times(fraction(mean), factor));
      means.push({ kind: "value", at: from, value, valid: Math.round(minutes), of: 60 });
    }
    if (i % 500 === 499) yield;
  }
  return means;
}

type Wish = {
  readonly pollutant: Pollutant;
  /** Whose law's unit; absent leaves the channel's own. */
  readonly region?: AirRegion;
  readonly from: number;
  readonly to: number;
};

/** Hourly means of a channel by the 45 minutes an hour needs; nothing for what has no concentration. */
export async function hourlyMeans(
  store: Pick<LawStore, "rollups">,
  channel: Channel,
  { pollutant, region, from, to }: Wish,
): Promise<Mean[]> {
  const factor = region === undefined ? fraction(1) : factorOf(channel, pollutant, lawUnit(pollutant, region));
  if (factor === undefined || unitOfChannel(channel) === undefined) return [];
  return inSlices(meansOf(await hourBins(store, channel.id, from, to), factor));
}

/** Hours of a channel that are not read from the store, made into means in the same way. */
export async function asMeans(
  bins: readonly Bin[],
  channel: Channel,
  pollutant: Pollutant,
  region: AirRegion,
): Promise<Mean[]> {
  const factor = factorOf(channel, pollutant, lawUnit(pollutant, region));
  return factor === undefined ? [] : inSlices(meansOf(bins, factor));
}

/** A figure of a law in the channel's own unit, to look for it among raw readings. */
export function inChannelUnit(
  channel: Channel,
  pollutant: Pollutant,
  region: AirRegion,
  value: number,
): number | undefined {
  const factor = factorOf(channel, pollutant, lawUnit(pollutant, region));
  return factor && toNumber(over(fraction(value), factor));
}

type Stretch = { readonly from: number; readonly to: number };

/** A channel with its hours, how many of them are valid, and for how many of those an officer stands. */
export type Measured = {
  readonly channel: Channel;
  readonly hours: readonly Mean[];
  readonly valid: number;
  readonly validated: number;
  /** Stretches that somebody stands for. */
  readonly validations: readonly Stretch[];
  /** The start of the last hour that the channel itself gave. */
  readonly last: number;
};

/**
 * The channel that stands for a pollutant at a place. Of each sensor a corrected one, completed by raw values, before the
 * raw one, and of corrections, all completed by one another, the one in force last. Of the sensors then the one an officer
 * stands for more of, then a corrected one, then the one with the most valid hours, then the one that goes on longer.
 * Whatever has less than half the hours of the fullest does not stand for it.
 */
export function standing(candidates: readonly Measured[]): Measured | undefined {
  const most = Math.max(0, ...candidates.map(({ valid }) => valid));
  const full = candidates.filter(({ valid }) => valid > 0 && valid * 2 >= most);
  const corrected = ({ channel }: Measured): number => Number(channel.correction !== undefined);
  const fuller = (a: Measured, b: Measured): number =>
    b.valid - a.valid || b.last - a.last || a.channel.id - b.channel.id;
  // Corrected values are completed by the raw ones of their sensor, so that nothing validated is lost by taking them.
  const ofSensors: Measured[] = [];
  for (const one of full.toSorted((a, b) => corrected(b) - corrected(a) || fuller(a, b)))
    if (!ofSensors.some(({ channel }) => sameSensor(channel, one.channel))) ofSensors.push(one);
  return ofSensors.toSorted((a, b) => b.validated - a.validated || corrected(b) - corrected(a) || fuller(a, b))[0];
}

/** The raw channel that a corrected one is made from, when it is stored as well. */
export const rawOf = (channel: Channel, channels: readonly Channel[]): Channel | undefined =>
  channel.correction === undefined
    ? undefined
    : channels.find((c) => c.correction === undefined && sameSensor(c, channel));

/** The corrected channels of the sensor that a channel is of. */
export const correctionsOf = (channel: Channel, channels: readonly Channel[]): Channel[] =>
  channels.filter((c) => c.correction !== undefined && sameSensor(c, channel));

const sameSensor = (a: Channel, b: Channel): boolean =>
  a.site === b.site &&
  a.device === b.device &&
  a.sensor === b.sensor &&
  a.metric === b.metric &&
  a.unit === b.unit &&
  a.reference === b.reference;

/** A channel's hours, what officers stand for, and the times that the channel speaks for. */
type Piece = Pick<Measured, "hours" | "validations"> & { readonly spans: readonly Stretch[] };

/** What of a stretch lies outside of others. */
const outside = (stretch: Stretch, others: readonly Stretch[]): Stretch[] =>
  others.reduce<Stretch[]>(
    (left, { from, to }) =>
      left.flatMap((s) => [
        ...(s.from < from ? [{ from: s.from, to: Math.min(s.to, from) }] : []),
        ...(s.to > to ? [{ from: Math.max(s.from, to), to: s.to }] : []),
      ]),
    [stretch],
  );

/** The first piece, then of each further one what lies outside of the times of those before it. */
function joined(pieces: readonly Piece[]): Pick<Measured, "hours" | "validations"> {
  const before = (i: number): Stretch[] => pieces.slice(0, i).flatMap(({ spans }) => spans);
  const hours = pieces.flatMap((piece, i) => {
    const taken = before(i);
    return taken.length === 0
      ? piece.hours
      : piece.hours.filter(({ at }) => !taken.some(({ from, to }) => at >= from && at < to));
  });
  const validations = pieces.flatMap((piece, i) => piece.validations.flatMap((s) => outside(s, before(i))));
  return { hours: hours.toSorted((a, b) => a.at - b.at), validations };
}

/**
 * Every channel of a pollutant at a place with its hours in that time. A corrected one is completed by the sensor's other
 * corrections and its raw values wherever it was not in force: a correction that begins in June takes nothing away from
 * what was measured in May. One that the box made itself is taken to be in force from its first hour to its last.
 */
export async function measuredAt(
  store: Pick<LawStore, "rollups" | "decisions">,
  channels: readonly Channel[],
  of: Wish & { site: string },
): Promise<Measured[]> {
  const pieces = new Map<Channel, Piece>();
  for (const channel of channels) {
    if (channel.site !== of.site || channel.metric !== of.pollutant) continue;
    const hours = await hourlyMeans(store, channel, of);
    const { validations, corrected } = await store.decisions(channel.id, of.from, of.to);
    const [first, last] = [hours[0], hours.at(-1)];
    const whole = first && last ? [{ from: first.at, to: last.at + hour }] : [];
    pieces.set(channel, { hours, validations, spans: corrected.length > 0 ? corrected : whole });
  }
  return [...pieces].map(([channel, piece]): Measured => {
    // A newer correction before an older one, the raw values last.
    const others = [...pieces]
      .filter(([c, { hours }]) => c !== channel && hours.length > 0 && sameSensor(c, channel))
      .sort(([a], [b]) => Number(b.correction !== undefined) - Number(a.correction !== undefined) || b.id - a.id)
      .map(([, other]) => other);
    const whole = channel.correction === undefined || piece.hours.length === 0 ? [piece] : [piece, ...others];
    const { hours, validations } = joined(whole);
    const stands = covers(validations);
    const valid = hours.filter(({ kind }) => kind === "value");
    return {
      ...{ channel, hours, validations, valid: valid.length, last: piece.hours.at(-1)?.at ?? 0 },
      validated: valid.filter(({ at }) => stands(at, at + hour)).length,
    };
  });
}

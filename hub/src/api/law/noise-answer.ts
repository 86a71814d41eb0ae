import { type AirNoise, bandOf, type SiteId, type ThirdOctave } from "@openkerb/contract";
import { addLevels, exceededLevel, type LevelCounts, noLevels } from "../../air/level-counts.ts";
import { type NoiseJudged, type NoiseRules, noiseOfDay, noiseOfPeriod, noiseSpan } from "../../air/noise-period.ts";
import { noiseSpectrum } from "../../air/noise-spectrum.ts";
import { day, dayOf, hour } from "../../air/timestamp.ts";
import type { Channel } from "../../store/reading-queries.ts";
import type { LawStore, Setting } from "./law-store.ts";
import { hourBins } from "./site-hours.ts";

const enough = 0.75;

/** Days are those of the place, both meant. */
export async function noiseAnswer(
  store: LawStore,
  { site, from, to }: { site: SiteId; from: string; to: string },
  { air, until }: Setting,
): Promise<AirNoise> {
  const { utcOffset: offset, noise } = air;
  const rules: NoiseRules = { ...noise, offset };
  const [first, last] = [Date.parse(from) - offset * hour, Date.parse(to) - offset * hour];
  const count = Math.round((last - first) / day) + 1;
  const channels = await store.channels();
  const midnights = Array.from({ length: count }, (_, i) => first + i * day);
  const end = Math.min(last + 2 * day, until);

  const hoursOf = async (metric: Channel["metric"], take: "mean" | "max") => {
    let best: { channel: Channel; levels: Map<number, number> } | undefined;
    for (const channel of channels.filter((c) => c.site === site && c.metric === metric)) {
      const bins = await hourBins(store, channel.id, Math.max(0, first), end);
      const levels = new Map<number, number>();
      for (const bin of bins) {
        const value = bin[take];
        if (value !== undefined && (take === "max" || bin.coverage >= enough)) levels.set(bin.from, value);
      }
      if (levels.size > (best?.levels.size ?? 0)) best = { channel, levels };
    }
    return best;
  };
  const laeq = await hoursOf("laeq", "mean");
  const lafmax = await hoursOf("lafmax", "max");
  const heard = { laeq: laeq?.levels ?? new Map(), lafmax: lafmax?.levels ?? new Map() };
  const spectrum = await spectrumOf(store, channels, {
    site,
    from: Math.max(0, first),
    to: end,
    midnights,
    hours: noise.hours,
  });
  const percentiles = (await sensors(hoursOf)) ?? (laeq && minutes(store, laeq.channel));
  const days = midnights.map((midnight) => noiseOfDay(heard, midnight, rules));
  const part = async (spans: readonly { from: number; to: number }[]) => (await percentiles?.of(spans)) ?? {};
  const spans = midnights.map((midnight) => noiseSpan(midnight, rules));
  const shownDays: AirNoise["days"] = [];
  for (const [i, judged] of days.entries())
    shownDays.push({ day: dayOf(midnights[i]! + offset * hour), ...shown(judged), ...(await part([spans[i]!])) });
  const { days: complete, ...whole } = noiseOfPeriod(heard, midnights, days, rules);
  return {
    site,
    ...(laeq && { channel: laeq.channel.id }),
    hours: rules.hours,
    source: rules.source,
    place: rules.place,
    ...(percentiles && { percentiles: percentiles.kind }),
    days: shownDays,
    ...(spectrum && { spectrum }),
    whole: { ...shown(whole), ...(await part(spans)), days: complete },
  };
}

type BandWish = {
  readonly site: SiteId;
  readonly from: number;
  readonly to: number;
  readonly midnights: readonly number[];
  readonly hours: NoiseRules["hours"];
};

/** The bands of one sensor, the one with the most of them: bands of two microphones do not make a spectrum. */
async function spectrumOf(
  store: LawStore,
  channels: readonly Channel[],
  { site, from, to, midnights, hours }: BandWish,
): Promise<AirNoise["spectrum"]> {
  const bands = channels.filter((c) => c.site === site && bandOf(c.metric) !== undefined);
  const ofSensor = (one: Channel) => bands.filter((c) => c.device === one.device && c.sensor === one.sensor);
  const most = bands.reduce<readonly Channel[]>(
    (top, one) => (ofSensor(one).length > top.length ? ofSensor(one) : top),
    [],
  );
  if (most.length === 0) return undefined;
  const heard = new Map<ThirdOctave, Map<number, number>>();
  for (const { id, metric } of most) {
    const bins = await hourBins(store, id, from, to);
    const valid = bins.flatMap(({ from, mean, coverage }): [number, number][] =>
      mean === undefined || coverage < enough ? [] : [[from, mean]],
    );
    heard.set(bandOf(metric)!, new Map(valid));
  }
  return noiseSpectrum(heard, midnights, hours).map(({ band, day, evening, night, tones }) => ({
    band,
    ...(day !== undefined && { day }),
    ...(evening !== undefined && { evening }),
    ...(night !== undefined && { night }),
    tones: [...tones],
  }));
}

type Spans = readonly { readonly from: number; readonly to: number }[];
type Percentiles = {
  readonly kind: "sensor" | "minutes";
  of(spans: Spans): Promise<{ la10?: number; la50?: number; la90?: number }>;
};
type HoursOf = (
  metric: Channel["metric"],
  take: "mean",
) => Promise<{ levels: ReadonlyMap<number, number> } | undefined>;

/** What a sensor that counts its own percentiles says; they are averaged plainly, hour by hour. */
async function sensors(hoursOf: HoursOf): Promise<Percentiles | undefined> {
  const [la10, la50, la90] = [
    await hoursOf("la10", "mean"),
    await hoursOf("la50", "mean"),
    await hoursOf("la90", "mean"),
  ];
  if (!la10 && !la50 && !la90) return undefined;
  const mean = (levels: ReadonlyMap<number, number> | undefined, spans: Spans): number | undefined => {
    let [sum, n] = [0, 0];
    for (const { from, to } of spans)
      for (let at = from; at < to; at += hour) {
        const level = levels?.get(at);
        if (level === undefined) continue;
        sum += level;
        n++;
      }
    return n >= enough * 24 * spans.length ? sum / n : undefined;
  };
  return {
    kind: "sensor",
    async of(spans) {
      const [a, b, c] = [mean(la10?.levels, spans), mean(la50?.levels, spans), mean(la90?.levels, spans)];
      return {
        ...(a !== undefined && { la10: a }),
        ...(b !== undefined && { la50: b }),
        ...(c !== undefined && { la90: c }),
      };
    },
  };
}

/** From LAeq of every minute, a day at a time, each read once. */
function minutes(store: LawStore, { id }: Channel): Percentiles {
  const known = new Map<number, readonly number[]>();
  const levelsOf = async ({ from, to }: Spans[number]): Promise<readonly number[]> => {
    const held = known.get(from);
    if (held) return held;
    const levels = await store.levels(id, from, to, enough);
    known.set(from, levels);
    return levels;
  };
  return {
    kind: "minutes",
    async of(spans) {
      let all: LevelCounts = noLevels();
      for (const span of spans) all = addLevels(all, await levelsOf(span));
      if (all.total === 0 || all.total < enough * 1440 * spans.length) return {};
      const level = (percent: number) => exceededLevel(all, percent)!;
      return { la10: level(10), la50: level(50), la90: level(90) };
    },
  };
}

const shown = ({ lday, levening, lnight, lden, lafmax, hours, findings }: NoiseJudged) => ({
  hours,
  ...(lday !== undefined && { lday }),
  ...(levening !== undefined && { levening }),
  ...(lnight !== undefined && { lnight }),
  ...(lden !== undefined && { lden }),
  ...(lafmax !== undefined && { lafmax }),
  findings: findings.map(({ law, figure, level, limit, exceeded }) => ({ law, figure, level, limit, exceeded })),
});

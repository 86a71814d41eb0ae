import {
  type AirAssociation,
  type CountBin,
  type Instant,
  type Metric,
  type Sentence,
  type SiteId,
  say,
} from "@openkerb/contract";
import { type Association, association, type HourBeside } from "../../air/association.ts";
import { day, hour } from "../../air/timestamp.ts";
import type { Channel, ReadingBin } from "../../store/reading-queries.ts";
import type { LawStore, Setting } from "./law-store.ts";
import { hourBins } from "./site-hours.ts";

const enough = 0.75;
/** Points drawn at most; the calculation takes every hour. */
const mostPoints = 2000;
/** Whoever walks or cycles is no traffic that a sensor could smell. */
const vehicles = new Set(["car", "motorcycle", "bus", "truck"]);

/** Pollution or noise beside the traffic counted at the same place. */
export async function associationAnswer(
  store: LawStore,
  { site, metric, from, to }: { site: SiteId; metric: Metric; from: number; to: number },
  { air: { utcOffset }, until }: Setting,
): Promise<AirAssociation> {
  const channels = await store.channels();
  const start = Math.ceil(from / hour) * hour;
  const end = Math.min(Math.floor(to / hour) * hour, until);
  const binsOf = async (of: Channel["metric"]) => fullest(store, channels, { site, metric: of, from: start, to: end });
  const measured = await binsOf(metric);
  const answer = (result: AirAssociation["result"], points: AirAssociation["points"] = []): AirAssociation => ({
    site,
    ...(measured && { channel: measured.channel.id }),
    words: wordsOf(result, metric),
    result,
    points,
  });
  if (!measured) return answer({ kind: "none", why: say("traffic.not-measured", { metric }) });
  const counted = await countedHours(store, site, start, end);
  if (counted.seen === 0) return answer({ kind: "none", why: say("traffic.no-camera") });
  if (counted.byHour.size < 0.5 * counted.seen)
    return answer({
      kind: "none",
      why: say("traffic.few-watched", { watched: counted.byHour.size, of: counted.seen }),
    });
  const [speed, direction, temperature] = [
    await binsOf("wind-speed"),
    await binsOf("wind-direction"),
    await binsOf("temperature"),
  ];
  const hours: HourBeside[] = [];
  for (const [at, { mean, coverage }] of measured.byHour) {
    const count = counted.byHour.get(at);
    if (count === undefined || mean === undefined || coverage < enough) continue;
    const [w, d, t] = [valueAt(speed, at), valueAt(direction, at), valueAt(temperature, at)];
    hours.push({
      at,
      vehicles: count,
      value: mean,
      ...(w !== undefined && { windSpeed: w }),
      ...(d !== undefined && { windDirection: d }),
      ...(t !== undefined && { temperature: t }),
    });
  }
  const found = association(hours, utcOffset);
  return answer(shown(found, measured.channel), pointsOf(hours));
}

type Known = { readonly channel: Channel; readonly byHour: ReadonlyMap<number, ReadingBin> };

/** The channel of a metric that has the most hours. */
async function fullest(
  store: LawStore,
  channels: readonly Channel[],
  { site, metric, from, to }: { site: string; metric: Channel["metric"]; from: number; to: number },
): Promise<Known | undefined> {
  let best: Known | undefined;
  for (const channel of channels.filter((c) => c.site === site && c.metric === metric)) {
    const bins = await hourBins(store, channel.id, from, to);
    const byHour = new Map(bins.map((bin) => [bin.from as number, bin]));
    if (byHour.size > (best?.byHour.size ?? 0)) best = { channel, byHour };
  }
  return best;
}

const valueAt = (known: Known | undefined, at: number): number | undefined => {
  const bin = known?.byHour.get(at);
  return bin && bin.coverage >= enough ? bin.mean : undefined;
};

/** Vehicles over the lines of a place by the hour, of hours that were watched three quarters; `seen` is all hours with counts. */
async function countedHours(store: LawStore, site: SiteId, from: number, to: number) {
  const byHour = new Map<number, number>();
  let seen = 0;
  for (let at = from; at < to; at += 30 * day) {
    const until = Math.min(to, at + 30 * day);
    const { bins } = await store.counts({ site, from: at as Instant, to: until as Instant, bin: "hour" });
    for (const bin of bins) {
      if (bin.watched === 0) continue;
      seen++;
      if (bin.watched >= enough) byHour.set(bin.from, vehiclesOf(bin) / bin.watched);
    }
  }
  return { byHour, seen };
}

const vehiclesOf = ({ lines }: CountBin): number =>
  lines.reduce((sum, line) => (vehicles.has(line.class) ? sum + line.in + line.out : sum), 0);

function shown(found: Association, { unit }: Channel): AirAssociation["result"] {
  if (found.kind === "none") return found;
  const { interval, adjusted, ...rest } = found;
  return { ...rest, interval: [interval[0], interval[1]], adjusted: [...adjusted], unit };
}

function wordsOf(result: AirAssociation["result"], metric: Metric): Sentence {
  if (result.kind === "none") return say("traffic.none", { metric, why: result.why });
  const [low, high] = result.interval;
  const kind = low <= 0 && high >= 0 ? "chance" : low > 0 ? "higher" : "lower";
  const said = say(`traffic.${kind}`, { metric, held: result.adjusted });
  return result.windKnown ? said : say("traffic.no-wind", { said });
}

/** Every so many hours, so that the drawing shows all of the time. */
function pointsOf(hours: readonly HourBeside[]): AirAssociation["points"] {
  const step = Math.max(1, Math.ceil(hours.length / mostPoints));
  return hours
    .filter((_, i) => i % step === 0)
    .map(({ at, vehicles: count, value, windSpeed, windDirection }) => ({
      at: at as Instant,
      vehicles: count,
      value,
      ...(windSpeed !== undefined && { windSpeed }),
      ...(windDirection !== undefined && { windDirection }),
    }));
}

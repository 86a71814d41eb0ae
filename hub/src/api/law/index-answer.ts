import {
  type AirIndex,
  type AirRegion,
  type IndexStandardId,
  type Instant,
  Pollutant,
  type SiteId,
  say,
} from "@openkerb/contract";
import { convert } from "../../air/concentration.ts";
import type { StationKind } from "../../air/european-aqi.ts";
import { toNumber } from "../../air/fraction.ts";
import { type IndexInput, type IndexMoment, type IndexPart, indexMoments, leadOf } from "../../air/index-moments.ts";
import { indexStandard } from "../../air/standard.ts";
import { day } from "../../air/timestamp.ts";
import { inSlices } from "./in-slices.ts";
import type { LawStore, Setting } from "./law-store.ts";
import { lawUnit, measuredAt, standing, unitOfChannel } from "./site-hours.ts";

type Asked = {
  readonly site: SiteId;
  readonly span: "hour" | "day";
  readonly from: number;
  readonly to: number;
  readonly region?: AirRegion | undefined;
  readonly standard?: IndexStandardId | undefined;
  readonly station: StationKind;
};

/** The index of a place by the hour or the day. */
export async function indexAnswer(
  store: LawStore,
  { site, span, from, to, region, standard, station }: Asked,
  { air, until }: Setting,
): Promise<AirIndex> {
  const channels = await store.channels();
  const named = standard && indexStandard(standard);
  const by = named ? { standard: named } : { region: region ?? air.region };
  const inputs: IndexInput[] = [];
  for (const pollutant of Pollutant.options) {
    const wish = { site, pollutant, from: Math.max(0, from - leadOf(by)), to: Math.min(to + day, until) };
    const measured = standing(await measuredAt(store, channels, wish));
    const unit = measured && unitOfChannel(measured.channel);
    if (measured && unit) inputs.push({ pollutant, unit, hours: measured.hours });
  }
  const wish = { span, from, to: Math.min(to, until), offset: air.utcOffset, by, station };
  const moments = await inSlices(indexMoments(inputs, wish));
  const used = [...new Set(moments.flatMap((moment) => moment.standard ?? []))];
  return {
    site,
    rules: used.map(({ id, region: own, source, unconfirmed, from: first, to: last, classes }) => ({
      id: id as IndexStandardId,
      region: own,
      source,
      ...(unconfirmed !== undefined && { unconfirmed: say("ledger.unconfirmed", { what: unconfirmed }) }),
      from: first,
      ...(last !== undefined && { to: last }),
      classes: [...classes],
    })),
    moments: moments.map(shown),
  };
}

const shown = ({ at, standard, overall, each }: IndexMoment): AirIndex["moments"][number] => ({
  at: at as Instant,
  ...(standard && { standard: standard.id as IndexStandardId }),
  overall: overall.kind === "index" ? { ...overall, primary: [...overall.primary] } : overall,
  each: each.map((part) => partOf(part, standard?.region ?? "eu")),
});

/** Gases in the law's unit; in the US in parts per billion, as its index counts them. */
function partOf({ pollutant, averaging, value, unit, verdict }: IndexPart, region: AirRegion) {
  const particle = pollutant === "pm25" || pollutant === "pm10";
  const wanted =
    region === "us" && !particle
      ? ({ unit: pollutant === "co" ? "ppm" : "ppb", state: "298K" } as const)
      : lawUnit(pollutant, region);
  const converted = value && convert(value, pollutant, unit, wanted);
  return {
    pollutant,
    averaging,
    ...(converted?.kind === "value" && { value: Number(toNumber(converted.value).toPrecision(6)) }),
    unit: wanted.unit,
    ...(verdict.kind === "index" ? { index: verdict.index, category: verdict.category } : { why: verdict.why }),
  };
}

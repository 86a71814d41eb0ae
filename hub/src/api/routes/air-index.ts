import { AirIndex, AirRegion, IndexStandardId, Instant, Pollutant, Problem, SiteId } from "@openkerb/contract";
import { z } from "zod";
import { convert } from "../../air/concentration.ts";
import { toNumber } from "../../air/fraction.ts";
import { type IndexInput, type IndexMoment, type IndexPart, indexMoments, leadOf } from "../../air/index-moments.ts";
import { indexStandard } from "../../air/standard.ts";
import { day } from "../../air/timestamp.ts";
import { inSlices } from "../in-slices.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";
import { lawUnit, measuredAt, standing, unitOfChannel, wholeHours } from "../site-hours.ts";

const Query = z.strictObject({
  site: SiteId,
  span: z.enum(["hour", "day"]),
  from: z.coerce.number().pipe(Instant).describe("milliseconds since 1970"),
  to: z.coerce.number().pipe(Instant).describe("milliseconds since 1970, not included"),
  region: AirRegion.optional().describe("whose index, each moment by the rules of its own day; the city's when absent"),
  standard: IndexStandardId.optional().describe("judges every moment by this rule set instead"),
  station: z
    .enum(["traffic", "background"])
    .default("traffic")
    .describe("of the European index: which pollutants a station must have"),
});
const longest = { hour: 31 * day, day: 400 * day };

/** The index of a place by the hour or the day. */
export function airIndexRoute(app: Api, { settings, store, now }: ApiParts): void {
  app.get(
    "/air/index",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Air quality index of hours or days, each by the rules of its own day",
        description:
          "Hours use NowCasts in the US, hourly means in Europe and China; days use daily means and maxima as each rule set asks. Where the rules allow no index, `why` says so and nothing is guessed. A day of the European index is as bad as its worst hour. At most 31 days of hours or 400 days.",
        querystring: Query,
        response: { 200: AirIndex, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query }) => {
      const { air } = settings.config;
      const { site, span, from } = query;
      if (query.to < from || query.to - from > longest[span])
        throw new Refusal(400, "invalid", `Ask for at most ${longest[span] / day} days, beginning before they end.`);
      const channels = await store.channels();
      knownSite(site, { settings, store }, channels);
      const named = query.standard && indexStandard(query.standard);
      const by = named ? { standard: named } : { region: query.region ?? air.region };
      const to = Math.min(query.to, wholeHours(now()));
      const inputs: IndexInput[] = [];
      for (const pollutant of Pollutant.options) {
        const wish = { site, pollutant, from: Math.max(0, from - leadOf(by)), to: to + day };
        const measured = standing(
          await measuredAt(store, channels, { ...wish, to: Math.min(wish.to, wholeHours(now())) }),
        );
        const unit = measured && unitOfChannel(measured.channel);
        if (measured && unit) inputs.push({ pollutant, unit, hours: measured.hours });
      }
      const moments = await inSlices(
        indexMoments(inputs, { span, from, to, offset: air.utcOffset, by, station: query.station }),
      );
      const used = [...new Set(moments.flatMap(({ standard }) => standard ?? []))];
      return {
        site,
        rules: used.map(({ id, region, source, from, to, classes }) => ({
          id: id as IndexStandardId,
          region,
          source,
          from,
          ...(to !== undefined && { to }),
          classes: [...classes],
        })),
        moments: moments.map(shown),
      };
    },
  );
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

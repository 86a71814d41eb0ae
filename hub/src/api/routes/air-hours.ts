import { hours, type Instant, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { askedNumber } from "../asked.ts";
import { hourShape, parameterOf, spread } from "../openaq-shape.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";
import { unitOf } from "../sta/vocabulary.ts";

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) as Instant);
const Query = z.strictObject({
  datetime_from: time.optional().meta({
    description: "ISO 8601; hours that end after it. A day before the end when absent",
    examples: ["2026-06-01T00:00:00Z"],
  }),
  datetime_to: time.optional().describe("ISO 8601; hours that end at it or before. Now when absent"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
const Hours = z.strictObject({
  meta: z.strictObject({ name: z.string(), website: z.string(), page: z.int(), limit: z.int(), found: z.int() }),
  results: z.array(hourShape),
});

/** The longest time one question may cover. */
const longest = hours(24 * 366);
/** Readings looked at for the spread of a day of hours; a sensor that gives more has none. */
const mostReadings = 5000;
const whole = hours(1);

/** Whole hours of a channel in the shape of OpenAQ v3. Without a login: of places with public information. */
export function hoursRoutes(app: Api, { settings, store, now }: ApiParts): void {
  app.get(
    "/openaq/v3/sensors/:id/hours",
    {
      config: { access: "public" },
      schema: {
        tags: ["for other programs"],
        summary: "Hourly means with coverage and flags, in the shape of OpenAQ v3",
        description:
          "The id is the number of a channel (a Datastream of SensorThings). An hour is chosen by its end, as OpenAQ does. Means are of readings with the QARTOD flags 1, 2 and 3; hasFlags says that readings of the hour were suspect, failed or missing. Local times have the place's own offset, the same all year. Quantiles and standard deviation are of the hour's readings, null where a sensor gives more than one in 20 seconds. Parameter ids are OpenAQ's where it has one, and from 900000 on where it has none. Without a login: only places with public information.",
        params: z.strictObject({ id: askedNumber }),
        querystring: Query,
        response: { 200: Hours, 400: Problem, 404: Problem },
      },
    },
    async ({ params, query, visitor }) => {
      const channel = (await store.channels()).find((c) => c.id === params.id);
      const view = siteViews(settings.sites, store.births()).find((s) => s.site === channel?.site);
      if (!channel || (visitor.person === undefined && !view?.open)) throw notFound(say("refusal.no-such-sensor"));
      // The running hour is not a mean yet.
      const to = Math.floor(Math.min(query.datetime_to ?? now(), now()) / whole) * whole;
      const from = Math.floor((query.datetime_from ?? Math.max(0, to - hours(24))) / whole) * whole;
      if (to - from > longest) throw new Refusal(400, "invalid", say("refusal.year-of-hours"));
      const bins = to > from ? await store.rollups(channel.id, "hour", from as Instant, to as Instant) : [];
      const { page, limit } = query;
      const chosen = bins.slice((page - 1) * limit, page * limit);
      const values = await valuesOf(channel.id, chosen);
      const [newest] = await store.readings({
        channel: channel.id,
        from: from as Instant,
        to: Math.max(from, to - 1) as Instant,
        limit: 1,
        skip: 0,
        newestFirst: true,
      });
      const about = {
        parameter: parameterOf(channel, unitOf(channel.unit).symbol),
        coordinates: view?.position ?? null,
        offset: settings.config.air.utcOffset,
        expected: newest && newest.averaging > 0 ? Math.max(1, Math.round(whole / newest.averaging)) : 1,
      };
      return {
        meta: { name: "openkerb", website: "/docs", page, limit, found: bins.length },
        results: chosen.map((bin) => spread(bin, values.get(bin.from), about)),
      };
    },
  );

  /** Values of the hours, by the start of each; nothing of a day that has too many. */
  async function valuesOf(channel: number, bins: readonly { readonly from: number }[]): Promise<Map<number, number[]>> {
    const byHour = new Map<number, number[]>();
    const day = 24 * whole;
    for (const start of new Set(bins.map(({ from }) => from - (from % day)))) {
      const inside = bins.filter(({ from }) => from >= start && from < start + day);
      const readings = await store.readings({
        channel,
        from: inside[0]!.from as Instant,
        to: (inside.at(-1)!.from + whole - 1) as Instant,
        limit: mostReadings + 1,
        skip: 0,
        newestFirst: false,
      });
      if (readings.length > mostReadings) continue;
      for (const { at, value, quality } of readings) {
        if (quality === 4 || quality === 9) continue;
        const hour = at - (at % whole);
        const own = byHour.get(hour);
        if (own) own.push(value);
        else byHour.set(hour, [value]);
      }
    }
    return byHour;
  }
}

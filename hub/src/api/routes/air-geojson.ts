import { type Instant, Metric, Problem, QualityFlag, SiteId, say } from "@openkerb/contract";
import { z } from "zod";
import type { Channel } from "../../store/reading-queries.ts";
import { sentAs } from "../asked.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { siteViews } from "../site-views.ts";
import { definitions } from "../sta/vocabulary.ts";

const hour = 3_600_000;
/** The start of the hour that a moment lies in. */
const hourOf = (at: string): Instant => (Math.floor(Date.parse(at) / hour) * hour) as Instant;
const Query = z.strictObject({
  metric: Metric.optional().describe("only this one, for example no2"),
  site: SiteId.optional(),
  at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("an hour, for example 2026-06-01T12:00:00Z: the mean of that hour instead of the latest values"),
});

const Features = z.strictObject({
  type: z.literal("FeatureCollection"),
  features: z.array(
    z.strictObject({
      type: z.literal("Feature"),
      id: z.int().positive(),
      geometry: z.strictObject({ type: z.literal("Point"), coordinates: z.tuple([z.number(), z.number()]) }).nullable(),
      properties: z.strictObject({
        site: z.string(),
        name: z.string(),
        channel: z.int().positive(),
        metric: Metric,
        metric_name: z.string(),
        unit: z.string(),
        reference: z.string().nullable().describe("temperature that a gas is stated at"),
        device: z.string(),
        sensor: z.string(),
        correction: z.string().nullable(),
        time: z.iso.datetime(),
        seconds: z.number().describe("that the value is the mean of"),
        value: z.number().nullable(),
        flag: QualityFlag.optional().describe("QARTOD flag of a latest value"),
        coverage: z.number().optional().describe("part of the hour that valid readings cover"),
        suspect: z.int().optional().describe("readings of the hour with the flag 3"),
        failed: z.int().optional().describe("readings of the hour with the flag 4"),
      }),
    }),
  ),
});

/** Stations with their values as GeoJSON, for maps and geographic information systems. */
export function airGeojsonRoute(app: Api, { settings, store, quality: { review }, now }: ApiParts): void {
  /** When a person last took the values of a place: a map asks every minute, and that is one use. */
  const taken = new Map<string, number>();
  app.get(
    "/air/export.geojson",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Stations with their latest values, or those of one hour, as GeoJSON",
        description:
          "RFC 7946: one feature for each channel, so that every property is a plain value; a place without a known position has no geometry. Who takes them is written down, the latest values once an hour, an hour of the past each time. With `at` the hour that the moment lies in; channels without readings then are left out.",
        querystring: Query,
        response: { 200: sentAs("application/geo+json", Features), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { metric, site, at }, visitor: { person = "" } }, reply) => {
      if (site !== undefined) knownSite(site, { settings, store }, await store.channels());
      const whose = `${person} ${site ?? ""} ${metric ?? ""}`;
      if (at !== undefined || now() - (taken.get(whose) ?? Number.NEGATIVE_INFINITY) >= hour) {
        review.note({
          ...{ at: now(), by: person, action: "report-exported" },
          ...(at !== undefined && { from: hourOf(at), to: (hourOf(at) + hour) as Instant }),
          words: site === undefined ? say("audit.maps-exported") : say("audit.map-exported", { site }),
        });
        if (at === undefined) taken.set(whose, now());
      }
      const views = siteViews(settings.sites, store.births());
      const wanted = ({ metric: own, site: place }: Channel): boolean =>
        (metric === undefined || own === metric) && (site === undefined || place === site);
      const values = at === undefined ? await latest(wanted) : await ofHour(wanted, hourOf(at));
      void reply.type("application/geo+json; charset=utf-8");
      return {
        type: "FeatureCollection" as const,
        features: values.map(({ channel, ...said }) => {
          const view = views.find((v) => v.site === channel.site);
          const { position } = view ?? {};
          return {
            type: "Feature" as const,
            id: channel.id,
            geometry: position ? pointOf(position) : null,
            properties: {
              site: channel.site,
              name: view?.name ?? channel.site,
              channel: channel.id,
              metric: channel.metric,
              metric_name: definitions[channel.metric].name,
              unit: channel.unit,
              reference: channel.reference ?? null,
              device: channel.device,
              sensor: channel.sensor,
              correction: channel.correction ?? null,
              ...said,
            },
          };
        }),
      };
    },
  );

  async function latest(wanted: (channel: Channel) => boolean) {
    return (await store.channelStates()).flatMap(({ channel, latest: last }) =>
      last && wanted(channel)
        ? [
            {
              channel,
              time: new Date(last.at).toISOString(),
              seconds: last.averaging / 1000,
              value: last.value as number | null,
              flag: last.quality,
            },
          ]
        : [],
    );
  }

  async function ofHour(wanted: (channel: Channel) => boolean, from: number) {
    const found = [];
    for (const channel of (await store.channels()).filter(wanted)) {
      const [bin] = await store.rollups(channel.id, "hour", from as Instant, (from + hour) as Instant);
      if (!bin) continue;
      found.push({
        channel,
        time: new Date(from).toISOString(),
        seconds: 3600,
        value: bin.mean ?? null,
        coverage: bin.coverage,
        suspect: bin.flags["3"],
        failed: bin.flags["4"],
      });
    }
    return found;
  }
}

const pointOf = ({ longitude, latitude }: { longitude: number; latitude: number }) => ({
  type: "Point" as const,
  coordinates: [longitude, latitude] as [number, number],
});

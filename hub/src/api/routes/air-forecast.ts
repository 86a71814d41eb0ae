import { AirForecast, Metric, Problem, SiteId, say } from "@openkerb/contract";
import { z } from "zod";
import { forecastMetrics } from "../../air/forecast/event-levels.ts";
import { forecastReader } from "../../store/forecast-table.ts";
import { enough } from "../../store/score-hours.ts";
import { hourSpan } from "../../store/store.ts";
import { forecastView, judgedBack } from "../../watch/forecast-view.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { siteViews } from "../site-views.ts";

const Query = z.strictObject({ site: SiteId.optional(), metric: Metric.optional() });

/** Forecasts of the next hours beside how good such forecasts have been. */
export function airForecastRoute(app: Api, { settings, store, database, now }: ApiParts): void {
  const reader = forecastReader(database);
  app.get(
    "/air/forecast",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "The next hours with their skill, warnings, and what earlier forecasts said",
        querystring: Query,
        response: { 200: AirForecast, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { site, metric } }) => {
      const at = now();
      const offset = settings.config.air.utcOffset * hourSpan;
      const all = await store.channels();
      if (site !== undefined) knownSite(site, { settings, store }, all);
      const wanted = all.filter(
        (c) =>
          (site === undefined || c.site === site) &&
          (metric === undefined ? isForecast(c.metric) : c.metric === metric),
      );
      const looks = new Map(reader.looks().map((look) => [look.channel, look]));
      const views = siteViews(settings.sites, store.births());
      const channels = await Promise.all(
        wanted.map(async (channel) => {
          const bins = looks.has(channel.id) ? await store.rollups(channel.id, "hour", before(at, judgedBack), at) : [];
          const came = new Map(
            bins.flatMap((b) => (b.mean !== undefined && b.coverage >= enough ? [[b.from as number, b.mean]] : [])),
          );
          const place = views.find((v) => v.site === channel.site)?.name ?? channel.site;
          const result = isForecast(channel.metric)
            ? forecastView(channel, { reader, look: looks.get(channel.id), came, now: at, place, offset })
            : { kind: "none" as const, why: say("forecast.other-metric") };
          return { channel, result };
        }),
      );
      return { channels };
    },
  );
}

const isForecast = (metric: Metric): boolean => forecastMetrics.some((m) => m === metric);
const before = <T extends number>(at: T, span: number): T => Math.max(0, at - span) as T;

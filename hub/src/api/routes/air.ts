import { AirSeries, AirStationList, DeviceId, Metric, Problem, SensorId, SiteId, say } from "@openkerb/contract";
import { z } from "zod";
import { askedSpan } from "../asked.ts";
import { knownSite } from "../known-site.ts";
import { openLawThread } from "../law/law-thread.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";
import { airAssociationRoute } from "./air-association.ts";
import { airGeojsonRoute } from "./air-geojson.ts";
import { airIndexRoute } from "./air-index.ts";
import { airLedgerRoute } from "./air-ledger.ts";
import { airLimitsRoute } from "./air-limits.ts";
import { airNoiseRoute } from "./air-noise.ts";

const Query = z.strictObject({
  site: SiteId.optional().meta({ description: "only of this place", examples: ["mill-road"] }),
  device: DeviceId.optional().describe("only of this box"),
  sensor: SensorId.optional().describe("only of this sensor"),
  metric: Metric.meta({ description: "what is measured", examples: ["pm25"] }),
  ...askedSpan,
  points: z.coerce.number().int().min(1).max(3000).default(800).describe("the most bins of a line"),
});

/** Stations, charts and what laws make of what sensors measure, for everybody who is logged in. */
export function airRoutes(app: Api, parts: ApiParts): void {
  const { settings, store } = parts;
  const thread = openLawThread(settings.config.data);
  app.addHook("onClose", () => thread[Symbol.asyncDispose]());
  airGeojsonRoute(app, parts);
  airIndexRoute(app, parts, thread);
  airLimitsRoute(app, parts);
  airLedgerRoute(app, parts, thread);
  airNoiseRoute(app, parts, thread);
  airAssociationRoute(app, parts, thread);
  app.get(
    "/air/stations",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Places with sensors and their latest values",
        description:
          "A channel is what one sensor measures at one place in one unit; raw and corrected values are different channels. Days and hours of every law here are told `utcOffset` hours east of UTC, the same all year. Quality is the flag after the hub's tests and what officers decided.",
        response: { 200: AirStationList, 401: Problem },
      },
    },
    async () => {
      const states = await store.channelStates();
      const views = siteViews(settings.sites, store.births());
      return {
        utcOffset: settings.config.air.utcOffset,
        stations: [...new Set(states.map((s) => s.channel.site))].sort().map((site) => {
          const view = views.find((v) => v.site === site);
          return {
            ...(view && { city: view.city }),
            site,
            name: view?.name ?? site,
            ...(view?.position && { position: view.position }),
            channels: states
              .filter((s) => s.channel.site === site)
              .map(({ latest, ...state }) => {
                if (!latest) return state;
                const { at, averaging, value, quality, clock } = latest;
                return { ...state, latest: { at, averaging, value, quality, clock } };
              }),
          };
        }),
      };
    },
  );
  app.get(
    "/air/series",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "A chart of one metric: minutes, hours or days, whichever fits the time asked for",
        description:
          "Up to two days are made of readings, up to 400 days of hours, beyond of days (UTC). Levels are averaged by energy, wind directions as arrows. Bins without readings are left out; values with the flags 4 and 9 are counted and not averaged.",
        querystring: Query,
        response: { 200: AirSeries, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { site, device, sensor, ...rest } }, reply) => {
      if (rest.to < rest.from) throw new Refusal(400, "invalid", say("refusal.end-first"));
      const { lines, body } = await store.chartText({
        ...rest,
        ...(site && { site }),
        ...(device && { device }),
        ...(sensor && { sensor }),
      });
      if (site !== undefined && lines === 0) knownSite(site, parts, await store.channels());
      // Bytes go out as they are; the shape was held where they were made.
      void reply.type("application/json; charset=utf-8");
      return Buffer.from(body) as never;
    },
  );
}

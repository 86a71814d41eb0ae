import { asWritten, Problem } from "@openkerb/contract";
import { z } from "zod";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { siteViews } from "../site-views.ts";
import { answer, root } from "../sta/answer.ts";
import { WrongQuery } from "../sta/entity.ts";
import { hubSource } from "../sta/hub-source.ts";

const prefix = "/sta/v1.1";
const description =
  "OGC SensorThings API 1.1, to read: Things are places, a Datastream is what one sensor measures there in one unit, raw and corrected apart; resultQuality holds the QARTOD flag. $filter, $expand (nested), $select, $orderby, $top (at most 1000), $skip, $count, $resultFormat=GeoJSON, dataArray or CSV; geo and st_ functions on places (distances in degrees), time functions; @iot.nextLink leads on.";

/** Options are read from the address as they are written; this is what the description of the API shows of them. */
const option = (about: string, example: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: about, examples: [example] });
const Options = z.looseObject({
  $filter: option(
    "conditions, with and, or, not, arithmetic, text, time and place functions",
    "phenomenonTime ge 2026-06-01T00:00:00Z and result gt 25",
  ),
  $expand: option(
    "what hangs together, each with options of its own in brackets",
    "Datastreams($select=name;$expand=ObservedProperty)",
  ),
  $select: option("properties wanted", "phenomenonTime,result"),
  $orderby: option("what to sort by", "phenomenonTime desc"),
  $top: option("the most entities of a page, at most 1000; 100 when absent", "50"),
  $skip: option("entities to pass over", "100"),
  $count: option("true to be told how many there are", "true"),
  $resultFormat: option("GeoJSON, dataArray or CSV", "dataArray"),
});

/** SensorThings for other programs; for everybody who is logged in, because it gives every single reading. */
export function sensorThingsRoutes(app: Api, { settings, store }: ApiParts): void {
  const about = { tags: ["for other programs"], description };
  const baseOf = (request: { protocol: string; host: string }): string =>
    `${request.protocol}://${request.host}${prefix}`;
  app.get(
    prefix,
    {
      config: { access: "anyone" },
      schema: { ...about, summary: "What SensorThings has", response: { 200: z.unknown(), 401: Problem } },
    },
    async (request) => root(baseOf(request)),
  );
  app.get(
    `${prefix}/*`,
    {
      config: { access: "anyone" },
      schema: {
        ...about,
        summary: "SensorThings entities, e.g. Things(…)/Datastreams or Datastreams(1)/Observations",
        params: z.object({
          "*": z
            .string()
            .max(500)
            .meta({ examples: ["Datastreams(1)/Observations"] }),
        }),
        querystring: Options,
        response: { 200: z.unknown(), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const source = hubSource(store, await store.channels(), siteViews(settings.sites, store.births()));
      const { searchParams } = new URL(request.url, "http://hub");
      try {
        const given = await answer(source, baseOf(request), request.params["*"], searchParams);
        switch (given.kind) {
          case "found":
            return given.body;
          case "value":
            return await reply.type("text/plain; charset=utf-8").send(given.text);
          case "table":
            return await reply.type("text/csv; charset=utf-8").send(given.text);
          case "unknown":
            throw notFound(asWritten(given.why));
        }
      } catch (error) {
        if (error instanceof WrongQuery) throw new Refusal(400, "invalid", asWritten(error.message));
        throw error;
      }
    },
  );
}

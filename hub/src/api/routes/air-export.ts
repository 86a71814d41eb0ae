import { Instant, Problem } from "@openkerb/contract";
import { z } from "zod";
import type { Channel } from "../../store/reading-queries.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { definitions } from "../sta/vocabulary.ts";

const Query = z.strictObject({
  channel: z.coerce.number().pipe(z.int().positive()),
  span: z.enum(["hour", "day"]),
  from: z.coerce.number().pipe(Instant).describe("milliseconds since 1970"),
  to: z.coerce.number().pipe(Instant).describe("milliseconds since 1970, not included"),
});

/** Ten years: of hours some 90,000 rows. */
const longest = 3660 * 86_400_000;
const flags = { good: "1", not_evaluated: "2", suspect: "3", fail: "4", missing: "9" } as const;

/** The columns of the table with their meaning, in the words of CSV on the Web. */
const columnsOf = (channel: Channel, span: string): object[] => {
  const value = { datatype: "double", unit: channel.unit };
  return [
    { name: "time", titles: "time", datatype: "dateTimeStamp", "dc:description": `Start of the ${span}, UTC` },
    { name: "mean", titles: "mean", ...value, "dc:description": "Mean of readings with the QARTOD flags 1, 2 and 3" },
    { name: "min", titles: "min", ...value },
    { name: "max", titles: "max", ...value },
    { name: "coverage", titles: "coverage", datatype: "double", "dc:description": "Part that valid readings cover" },
    ...Object.entries(flags).map(([name, flag]) => ({
      name,
      titles: name,
      datatype: "integer",
      "dc:description": `Readings with the QARTOD flag ${flag}`,
    })),
  ].map(({ unit, ...column }: Record<string, unknown>) =>
    unit === undefined ? column : { ...column, "schema:unitCode": unit },
  );
};

/** A table of hours or days of a channel (RFC 4180), and what describes it, for officers and their archives. */
export function airExportRoutes(app: Api, { store }: ApiParts): void {
  const channelOf = async (id: number): Promise<Channel> => {
    const found = (await store.channels()).find((c) => c.id === id);
    if (!found) throw notFound(`There is no channel ${id} here.`);
    return found;
  };
  app.get(
    "/air/export",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Hours or days of a channel as CSV, with coverage and readings by flag",
        querystring: Query,
        response: { 200: z.string(), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { channel: id, span, from, to } }, reply) => {
      if (to < from || to - from > longest)
        throw new Refusal(400, "invalid", "The end lies before the beginning, or more than ten years after it.");
      const { id: channel } = await channelOf(id);
      const bins = await store.rollups(channel, span, from, to);
      const lines = bins.map((bin) =>
        [
          new Date(bin.from).toISOString(),
          bin.mean ?? "",
          bin.min ?? "",
          bin.max ?? "",
          bin.coverage.toFixed(4),
          ...Object.values(flags).map((flag) => bin.flags[flag]),
        ].join(","),
      );
      const heading = ["time", "mean", "min", "max", "coverage", ...Object.keys(flags)].join(",");
      void reply.type("text/csv; charset=utf-8");
      return [heading, ...lines, ""].join("\r\n");
    },
  );
  app.get(
    "/air/export/metadata",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "What the columns of the same CSV mean (CSV on the Web)",
        querystring: Query,
        response: { 200: z.unknown(), 401: Problem, 404: Problem },
      },
    },
    async ({ query }) => {
      const channel = await channelOf(query.channel);
      return {
        "@context": "http://www.w3.org/ns/csvw",
        url: `export?channel=${channel.id}&span=${query.span}&from=${query.from}&to=${query.to}`,
        "dc:title": `${definitions[channel.metric].name} at ${channel.site}`,
        "dc:subject": definitions[channel.metric].definition,
        tableSchema: { columns: columnsOf(channel, query.span), primaryKey: "time" },
      };
    },
  );
}

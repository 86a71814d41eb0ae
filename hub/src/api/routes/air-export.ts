import { type Instant, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { channelSources } from "../../store/channel-sources.ts";
import type { ReadingBin } from "../../store/reading-queries.ts";
import { askedNumber, askedSpan, sentAs } from "../asked.ts";
import { tableColumns, tableRow } from "../export-table.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";
import { definitions } from "../sta/vocabulary.ts";

const Query = z.strictObject({
  channel: askedNumber.describe("number of a channel, see /air/stations"),
  span: z.enum(["hour", "day"]).describe("days are those of UTC"),
  ...askedSpan,
});
type Asked = z.infer<typeof Query>;
const Description = z.looseObject({
  "@context": z.array(z.unknown()),
  url: z.string().describe("of the table, relative to this description"),
  tableSchema: z.looseObject({ columns: z.array(z.looseObject({ name: z.string() })), primaryKey: z.string() }),
});

/** Ten years: of hours some 90,000 rows. */
const longest = 3660 * 86_400_000;
/** Rows asked of the store and written at once. */
const stretch = { hour: 60 * 86_400_000, day: longest } as const;

/** A table of hours or days of a channel (RFC 4180), and what describes it, for officers and their archives. */
export function airExportRoutes(app: Api, { settings, store, database, quality: { review }, now }: ApiParts): void {
  const offset = settings.config.air.utcOffset;
  const sources = channelSources(database);
  const query = ({ channel, span, from, to }: Asked): string => `channel=${channel}&span=${span}&from=${from}&to=${to}`;
  app.get(
    "/air/export",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Hours or days of a channel as CSV, with coverage, flags and provenance",
        description:
          "RFC 4180 with a heading. Times are UTC, the place's offset stands beside them. Every row says device, sensor, unit, reference state, correction and the sensor profile with its version. Hours and days without readings are left out; a mean that cannot be made is an empty cell. No cell can be taken for a formula. Who takes a table is written down. The Link header leads to the description of the columns (CSV on the Web).",
        querystring: Query,
        response: { 200: sentAs("text/csv", z.string()), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: asked, visitor: { person = "" } }, reply) => {
      const { span, from, to } = asked;
      if (to < from || to - from > longest) throw new Refusal(400, "invalid", say("refusal.export-time"));
      const channel = await knownChannel(store, asked.channel);
      review.note({
        ...{ at: now(), by: person, action: "report-exported", channel: channel.id, from, to },
        words: say(span === "hour" ? "audit.hours-exported" : "audit.days-exported", channel),
      });
      const about = { channel, offset, sources: sources(channel.id) };
      const text = [
        tableColumns(channel)
          .map(({ name }) => name)
          .join(","),
      ];
      for (let at = from as number; at < to; at += stretch[span]) {
        const bins: ReadingBin[] = await store.rollups(
          channel.id,
          span,
          at as Instant,
          Math.min(to, at + stretch[span]) as Instant,
        );
        for (const bin of bins) text.push(tableRow(bin, about));
      }
      const day = (of: number): string => new Date(of).toISOString().slice(0, 10);
      void reply
        .type("text/csv; charset=utf-8; header=present")
        .header(
          "content-disposition",
          `attachment; filename="${channel.site}-${channel.metric}-${channel.id}-${day(from)}-${day(to)}.csv"`,
        )
        .header("link", `<export/metadata?${query(asked)}>; rel="describedby"; type="application/csvm+json"`);
      return [...text, ""].join("\r\n");
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
        response: { 200: sentAs("application/csvm+json", Description), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: asked }, reply) => {
      const channel = await knownChannel(store, asked.channel);
      const { name, definition } = definitions[channel.metric];
      void reply.type("application/csvm+json; charset=utf-8");
      return {
        "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
        // Taken relative to this description's own address.
        url: `../export?${query(asked)}`,
        "dc:title": `${name} at ${channel.site}`,
        "dc:subject": { "@id": definition },
        "dc:source": sources(channel.id).join(" "),
        dialect: { header: true, encoding: "utf-8", lineTerminators: ["\r\n"] },
        tableSchema: { columns: tableColumns(channel), primaryKey: "time" },
      };
    },
  );
}

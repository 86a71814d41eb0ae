import { createHash } from "node:crypto";
import { ColocationDetail, ColocationList, ColocationOrder, type Instant, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import type { Agreement } from "../../air/colocation/agreement.ts";
import { colocationReport, colocationStyle } from "../../air/colocation/report.ts";
import { askedNumber, officersDecision, sentAs } from "../asked.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";
import { definitions, unitOf } from "../sta/vocabulary.ts";

const Params = z.strictObject({ id: askedNumber });
/** A table of 8 MB, with its line ends written as two signs each. */
const bodyLimit = 10 * 1024 * 1024;

/** The report is a page of its own with one style, known by its digest, and nothing that runs. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(colocationStyle).digest("base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Sensors beside references: made once, kept with who made them, printed on one page. */
export function airColocationRoutes(app: Api, { store, quality: { colocations, review }, now }: ApiParts): void {
  const tags = ["air and noise"];
  const found = async (id: number) => {
    const made = colocations.of(id);
    const view = made && colocations.view(made, await store.channels());
    if (!view) throw notFound(say("refusal.unknown", { what: say("unknown.colocation", { id }) }));
    return view;
  };
  const detail = async (id: number): Promise<z.infer<typeof ColocationDetail>> => ({
    colocation: await found(id),
    pairs: colocations.pairs(id).map((p) => ({ ...p, at: p.at as Instant })),
  });
  app.get(
    "/air/colocations",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "Sensors compared with references, newest first",
        querystring: z.strictObject({ channel: askedNumber.optional() }),
        response: { 200: ColocationList, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { channel } }) => {
      if (channel !== undefined) await knownChannel(store, channel);
      const channels = await store.channels();
      return { colocations: colocations.list(channel).flatMap((made) => colocations.view(made, channels) ?? []) };
    },
  );
  app.post(
    "/air/colocations",
    {
      bodyLimit,
      ...officersDecision(ColocationDetail, {
        summary: "Compare a channel with another one, or with a table time,value of a reference instrument",
        body: ColocationOrder,
      }),
    },
    async ({ body, visitor: { person = "" } }) => {
      const made = await colocations.make(body, now(), person);
      switch (made.kind) {
        case "done":
          return detail(made.id);
        case "unknown":
          throw notFound(say("refusal.unknown", { what: say("unknown.channel", { id: made.channel }) }));
        case "refused":
          throw new Refusal(409, "does-not-fit", made.why);
        case "wrong":
          throw new Refusal(400, "invalid", made.why);
        default:
          return made satisfies never;
      }
    },
  );
  app.get(
    "/air/colocations/:id",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "One colocation with its pairs",
        params: Params,
        response: { 200: ColocationDetail, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ params: { id } }) => detail(id),
  );
  app.get(
    "/air/colocations/:id/report",
    {
      config: { access: ["officer"] },
      schema: {
        tags,
        summary: "One page to print and sign; that it was taken is written down",
        params: Params,
        response: {
          200: sentAs("text/html", z.string()),
          400: Problem,
          401: Problem,
          403: Problem,
          404: Problem,
          409: Problem,
        },
      },
    },
    async ({ params: { id }, visitor: { person = "" } }, reply) => {
      const { sensor, reference, agreement, verdict, warning, ...made } = await found(id);
      if (!agreement) throw new Refusal(409, "does-not-fit", say("colocation.too-short"));
      const pairs = colocations.pairs(id);
      const page = colocationReport({
        sensor: `${definitions[sensor.metric].name}, ${sensor.sensor} at ${sensor.site}`,
        reference:
          reference.kind === "table" ? reference.name : `${reference.channel.sensor} at ${reference.channel.site}`,
        unit: unitOf(sensor.unit).symbol,
        spanMinutes: made.spanMinutes,
        pairs,
        agreement: { n: pairs.length, ...agreement } as Agreement,
        targets: made.targets,
        verdict: verdict as Parameters<typeof colocationReport>[0]["verdict"],
        warning: warning ?? null,
        provenance: `Colocation ${id}: channel ${sensor.id} of the box ${sensor.device}${reference.kind === "channel" ? ` against channel ${reference.channel.id} of the box ${reference.channel.device}` : " against a table that was sent"}; made by ${made.made.by}, ${new Date(made.made.at).toISOString().slice(0, 16).replace("T", " ")}. All times are UTC.`,
      });
      review.note({
        at: now(),
        by: person,
        action: "report-exported",
        channel: sensor.id,
        from: made.from,
        to: made.to,
        words: say("audit.report", { colocation: id }),
      });
      void reply.type("text/html; charset=utf-8").header("content-security-policy", policy);
      return page;
    },
  );
}

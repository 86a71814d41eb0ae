import { AirReason, CorrectionList, CorrectionOrder, Problem, say } from "@openkerb/contract";
import { z } from "zod";
import { askedNumber, officersDecision } from "../asked.ts";
import { mustBeDone } from "../decided.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";

/** Corrections in use and what could be used. */
export function airCorrectionRoutes(app: Api, { store, quality: { corrections }, now }: ApiParts): void {
  const tags = ["air and noise"];
  app.get(
    "/air/corrections",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "Corrections in use, and those a channel could have",
        querystring: z.strictObject({ channel: askedNumber.optional() }),
        response: { 200: CorrectionList, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { channel } }) => {
      if (channel !== undefined) await knownChannel(store, channel);
      return corrections.list(await store.channels(), channel, now());
    },
  );
  app.post(
    "/air/corrections",
    officersDecision(CorrectionList, {
      summary: "Correct a channel from a date on, by a published correction or an accepted colocation",
      description:
        "The corrected hours are a channel of their own, whose correction is named in charts, tables and SensorThings; the raw one stays. They are made in the background, `making` tells how far, and follow every later change of the raw hours. A channel has one correction at a time.",
      body: CorrectionOrder,
    }),
    async ({ body, visitor: { person = "" } }) => {
      const channels = await store.channels();
      mustBeDone(corrections.apply(body, channels, now(), person), say("unknown.channel", { id: body.channel }));
      return corrections.list(channels, body.channel, now());
    },
  );
  app.post(
    "/air/corrections/:id/end",
    officersDecision(CorrectionList, {
      summary: "Correct no further hours; those made stay",
      params: z.strictObject({ id: askedNumber }),
      body: AirReason,
    }),
    async ({ params: { id }, body: { reason }, visitor: { person = "" } }) => {
      mustBeDone(corrections.end(id, reason, now(), person), say("unknown.correction", { id }));
      return corrections.list(await store.channels(), corrections.use(id)?.channel, now());
    },
  );
}

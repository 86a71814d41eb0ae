import { AirAudit, Problem } from "@openkerb/contract";
import { z } from "zod";
import { askedNumber } from "../asked.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";

const Query = z.strictObject({
  channel: askedNumber.optional(),
  before: askedNumber.optional().describe("only entries with a smaller id, for the next page"),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** What officers did to readings, for those who may have to answer for it. */
export function airAuditRoute(app: Api, { store, quality: { review } }: ApiParts): void {
  app.get(
    "/air/audit",
    {
      config: { access: ["officer", "privacy"] },
      schema: {
        tags: ["air and noise"],
        summary: "Who decided what about readings, and why; newest first",
        querystring: Query,
        response: { 200: AirAudit, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async ({ query: { channel, before, limit } }) => {
      if (channel !== undefined) await knownChannel(store, channel);
      return {
        entries: review.items.audit({
          limit,
          ...(channel !== undefined && { channel }),
          ...(before !== undefined && { before }),
        }),
      };
    },
  );
}

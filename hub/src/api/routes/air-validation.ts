import { AirReason, Problem, say, Validation, ValidationList } from "@openkerb/contract";
import { z } from "zod";
import type { StoredValidation } from "../../store/validation-table.ts";
import { askedNumber, officersDecision } from "../asked.ts";
import { mustBeDone } from "../decided.ts";
import { knownChannel } from "../known-channel.ts";
import type { Api, ApiParts } from "../parts.ts";

/** Officers stand for the values of a channel, and may withdraw. */
export function airValidationRoutes(app: Api, { store, quality: { review }, now }: ApiParts): void {
  const tags = ["air and noise"];
  const answer = (channel?: number): { validations: StoredValidation[] } => ({
    validations: review.validations.list(channel),
  });
  app.get(
    "/air/validations",
    {
      config: { access: "anyone" },
      schema: {
        tags,
        summary: "Which values officers stand for, newest first",
        querystring: z.strictObject({ channel: askedNumber.optional() }),
        response: { 200: ValidationList, 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async ({ query: { channel } }) => {
      if (channel !== undefined) await knownChannel(store, channel);
      return answer(channel);
    },
  );
  app.post(
    "/air/validations",
    officersDecision(ValidationList, {
      summary: "Stand for all values of a channel in a time",
      body: Validation,
    }),
    async ({ body, visitor: { person = "" } }) => {
      const channel = await knownChannel(store, body.channel);
      mustBeDone(review.validate(body, channel, now(), person), say("unknown.channel", { id: body.channel }));
      return answer(channel.id);
    },
  );
  app.post(
    "/air/validations/:id/withdraw",
    officersDecision(ValidationList, {
      summary: "Stand for them no longer, with the reason",
      params: z.strictObject({ id: askedNumber }),
      body: AirReason,
    }),
    async ({ params: { id }, body: { reason }, visitor: { person = "" } }) => {
      mustBeDone(review.withdraw(id, reason, now(), person), say("unknown.validation", { id }));
      return answer(review.validations.of(id)?.channel);
    },
  );
}

import { AirReason, Problem, Validation, ValidationList } from "@openkerb/contract";
import { z } from "zod";
import type { StoredValidation } from "../../store/validation-table.ts";
import { CsrfHeader } from "../csrf-header.ts";
import { mustBeDone } from "../decided.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound } from "../problem.ts";

const number = z.coerce.number().pipe(z.int().positive());

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
        querystring: z.strictObject({ channel: number.optional() }),
        response: { 200: ValidationList, 400: Problem, 401: Problem },
      },
    },
    async ({ query: { channel } }) => answer(channel),
  );
  app.post(
    "/air/validations",
    {
      config: { access: ["officer"] },
      schema: {
        tags,
        summary: "Stand for all values of a channel in a time",
        headers: CsrfHeader,
        body: Validation,
        response: { 200: ValidationList, 401: Problem, 403: Problem, 404: Problem, 409: Problem },
      },
    },
    async ({ body, visitor: { person = "" } }) => {
      const channel = (await store.channels()).find((c) => c.id === body.channel);
      if (!channel) throw notFound(`There is no channel ${body.channel} here.`);
      mustBeDone(review.validate(body, channel, now(), person), `channel ${body.channel}`);
      return answer(channel.id);
    },
  );
  app.post(
    "/air/validations/:id/withdraw",
    {
      config: { access: ["officer"] },
      schema: {
        tags,
        summary: "Stand for them no longer, with the reason",
        headers: CsrfHeader,
        params: z.strictObject({ id: number }),
        body: AirReason,
        response: { 200: ValidationList, 401: Problem, 403: Problem, 404: Problem, 409: Problem },
      },
    },
    async ({ params: { id }, body: { reason }, visitor: { person = "" } }) => {
      mustBeDone(review.withdraw(id, reason, now(), person), `validation ${id}`);
      return answer(review.validations.of(id)?.channel);
    },
  );
}

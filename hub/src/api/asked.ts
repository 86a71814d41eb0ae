import { Instant, Problem, SiteId } from "@openkerb/contract";
import { z } from "zod";
import { CsrfHeader } from "./csrf-header.ts";

/* What the questions about air and noise have in common. */

/** Of a channel, a doubt or whatever else is counted from 1. */
export const askedNumber = z.coerce.number().pipe(z.int().positive());

export const askedPlace = SiteId.meta({ description: "id of a place", examples: ["mill-road"] });

const moment = (description: string, example: number) =>
  z.coerce
    .number()
    .pipe(Instant)
    .meta({ description, examples: [example] });
export const askedSpan = {
  from: moment("milliseconds since 1970", 1_780_272_000_000),
  to: moment("milliseconds since 1970, not included", 1_780_358_400_000),
};

/** An answer that is not plain JSON. */
export const sentAs = <Kind extends string, Shape extends z.ZodType>(kind: Kind, schema: Shape) => ({
  content: { [kind]: { schema } } as Record<Kind, { schema: Shape }>,
});

/** A route on which an officer decides something: nobody else may, the page's token is asked for, refusals are in words. */
export const officersDecision = <Answer extends z.ZodType, Asked extends { readonly summary: string }>(
  answer: Answer,
  asked: Asked,
) => ({
  config: { access: ["officer"] as const },
  schema: {
    tags: ["air and noise"],
    headers: CsrfHeader,
    response: { 200: answer, 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem },
    ...asked,
  },
});

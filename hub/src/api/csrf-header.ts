import { z } from "zod";

/** The token that the door asks for with every change; here so that the description of the API names it. */
export const CsrfHeader = z.looseObject({
  "x-csrf-token": z.string().optional().describe("`csrf` of GET /api/v1/session"),
});

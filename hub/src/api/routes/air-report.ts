import { AirReport, AirReportOrder, Problem, say } from "@openkerb/contract";
import { CsrfHeader } from "../csrf-header.ts";
import { knownSite } from "../known-site.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

/** Writes down that a report is printed, before it is. */
export function airReportRoute(app: Api, { settings, store, quality: { review }, now }: ApiParts): void {
  app.post(
    "/air/reports",
    {
      config: { access: "anyone" },
      schema: {
        tags: ["air and noise"],
        summary: "Write down that a report of a place is printed; the page prints it after this answer",
        headers: CsrfHeader,
        body: AirReportOrder,
        response: { 200: AirReport, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
      },
    },
    async ({ body: { site, from, to }, visitor: { person = "" } }) => {
      if (to < from) throw new Refusal(400, "invalid", say("refusal.end-first"));
      knownSite(site, { settings, store }, await store.channels());
      const entry = { at: now(), by: person };
      const id = review.note({ ...entry, action: "report-exported", from, to, words: say("audit.printed", { site }) });
      return { id, ...entry };
    },
  );
}

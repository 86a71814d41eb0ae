import {
  type Alert,
  AlertDetail,
  AlertList,
  AlertStep,
  type Instant,
  Problem,
  type Role,
  say,
} from "@openkerb/contract";
import { z } from "zod";
import { type Names, wordsOf } from "../../alert/words.ts";
import { CsrfHeader } from "../csrf-header.ts";
import { namesOf } from "../names.ts";
import type { Api, ApiParts } from "../parts.ts";
import { notFound, Refusal } from "../problem.ts";

const Params = z.strictObject({ id: z.string().regex(/^[0-9a-z-]{1,40}$/) });
const Query = z.strictObject({
  state: z.enum(["open", "shelved", "closed", "all"]).default("open"),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

const readers: readonly Role[] = ["operator", "technician", "officer", "privacy"];
/** A technician says what was seen and done at the box; whether an alert may wait or end is the operator's. */
const doers: Readonly<Record<AlertStep["do"], readonly Role[]>> = {
  acknowledge: ["operator", "technician"],
  assign: ["operator", "technician"],
  note: ["operator", "technician"],
  shelve: ["operator"],
  unshelve: ["operator"],
  close: ["operator"],
};

/** The queue, one alert with its history, and what people do to it. */
export function alertRoutes(app: Api, { settings, store, alerts, desk, now }: ApiParts): void {
  const names = (): Names => namesOf(settings.sites, store.births());
  const people = settings.config.people.map((p) => p.name);
  const detail = (alert: Alert, at: Instant): AlertDetail => ({
    alert,
    words: wordsOf(alert, names(), at),
    history: alerts.history(alert.id),
  });

  app.get(
    "/alerts",
    {
      config: { access: readers },
      schema: {
        tags: ["alerts"],
        summary: "The queue, newest first",
        querystring: Query,
        response: { 200: AlertList, 400: Problem },
      },
    },
    async ({ query: { state, limit } }) => {
      const at = now();
      const called = names();
      return { alerts: alerts.list(state, at, limit).map((alert) => ({ alert, words: wordsOf(alert, called, at) })) };
    },
  );

  app.get(
    "/alerts/:id",
    {
      config: { access: readers },
      schema: {
        tags: ["alerts"],
        summary: "One alert with its history",
        params: Params,
        response: { 200: AlertDetail, 404: Problem },
      },
    },
    async ({ params: { id } }) => {
      const alert = alerts.alert(id);
      if (!alert) throw notFound(say("refusal.no-alert", { id }));
      return detail(alert, now());
    },
  );

  app.post(
    "/alerts/:id/steps",
    {
      config: { access: ["operator", "technician"] },
      schema: {
        tags: ["alerts"],
        summary: "Acknowledge, assign, shelve, unshelve, note or close",
        headers: CsrfHeader,
        params: Params,
        body: AlertStep,
        response: { 200: AlertDetail, 403: Problem, 404: Problem, 409: Problem },
      },
    },
    async ({ params: { id }, body: step, visitor: { person = "", roles } }) => {
      if (!doers[step.do].some((role) => roles.includes(role)))
        throw new Refusal(403, "forbidden", say("refusal.operators"));
      if (step.do === "assign" && step.to !== null && step.to !== person && !people.includes(step.to))
        throw new Refusal(409, "unknown-person", say("refusal.nobody-called", { person: step.to }));
      const at = now();
      const outcome = desk.step(id, step, at, person);
      switch (outcome.kind) {
        case "done":
          return detail(outcome.alert, at);
        case "refused":
          throw new Refusal(409, "does-not-fit", outcome.why);
        case "unknown":
          throw notFound(say("refusal.no-alert", { id }));
        default:
          return outcome satisfies never;
      }
    },
  );
}

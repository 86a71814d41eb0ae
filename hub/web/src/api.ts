import {
  AlertDetail,
  AlertList,
  type AlertStep,
  apiRoot,
  Counts,
  DeviceList,
  EventPage,
  type Login,
  PeopleList,
  Problem,
  Session,
  SiteList,
} from "@openkerb/contract";
import type { z } from "zod";
import { texts } from "./language/language.ts";
import type { QueueName } from "./route.ts";
import * as said from "./words-texts.ts";

/** What the hub answered instead of what was asked, or that it did not answer (`status` 0). */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
  /** Asking again may help: the hub was away, busy, or being restarted. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

let behind = 0;
/** The hub's time in milliseconds: what this page shows as `now`, so that a wrong clock on a desk ages nothing. */
export const hubNow = (): number => Date.now() + behind;

/** The Date header is whole seconds: only a difference that cannot come from rounding or the way is believed. */
function learnTime(header: string | null): void {
  const there = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(there)) return;
  const difference = there + 500 - Date.now();
  behind = Math.abs(difference) > 2000 ? difference : 0;
}

/** One question of the hub, its answer parsed by the contract. */
export async function ask<S extends z.ZodType>(schema: S, path: string, init: RequestInit = {}): Promise<z.infer<S>> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(`${apiRoot}${path}`, { credentials: "same-origin", ...init });
    body = answer.status === 204 ? undefined : await answer.json();
  } catch (err) {
    if (init.signal?.aborted) throw err;
    throw new ApiError(texts(said).hubAway, 0, { cause: err });
  }
  learnTime(answer.headers.get("date"));
  if (!answer.ok) {
    const problem = Problem.safeParse(body);
    const words = problem.success
      ? [problem.data.message, ...(problem.data.issues ?? []).map((i) => `${i.path}: ${i.message}`)].join(" ")
      : texts(said).noReason(answer.status);
    throw new ApiError(words, answer.status);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    throw new ApiError(texts(said).notUnderstood(path.split("?")[0] ?? "", where), 422, { cause: parsed.error });
  }
  return parsed.data;
}

/** The part of an address behind the question mark; what is undefined is not said. */
export const query = (words: Record<string, string | number | undefined>): string =>
  new URLSearchParams(
    Object.entries(words).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString();

/** A message of a person who is logged in. */
export const sending = (body: unknown, csrf: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-csrf-token": csrf },
  body: JSON.stringify(body),
});

type Stop = { readonly signal: AbortSignal };
export type Bin = "minute" | "hour";

/** Every question this page asks of the hub, each answer parsed by the contract. */
export const api = {
  session: ({ signal }: Stop) => ask(Session, "/session", { signal }),
  login: (login: Login, csrf: string) => ask(Session, "/session", sending(login, csrf)),
  logout: (csrf: string) => ask(Session, "/session", { method: "DELETE", headers: { "x-csrf-token": csrf } }),
  sites: ({ signal }: Stop) => ask(SiteList, "/sites", { signal }),
  devices: ({ signal }: Stop) => ask(DeviceList, "/devices", { signal }),
  people: ({ signal }: Stop) => ask(PeopleList, "/people", { signal }),
  counts: (site: string, bin: Bin, from: number, to: number, { signal }: Stop) =>
    ask(Counts, `/counts?${query({ site, bin, from, to })}`, { signal }),
  events: (site: string, { signal }: Stop) => ask(EventPage, `/events?${query({ site, limit: 500 })}`, { signal }),
  alerts: (state: QueueName, { signal }: Stop) => ask(AlertList, `/alerts?${query({ state })}`, { signal }),
  alert: (id: string, { signal }: Stop) => ask(AlertDetail, `/alerts/${id}`, { signal }),
  step: (id: string, step: AlertStep, csrf: string) => ask(AlertDetail, `/alerts/${id}/steps`, sending(step, csrf)),
};

export type AlertAnswer = Awaited<ReturnType<typeof api.alerts>>;
export type DeviceAnswer = Awaited<ReturnType<typeof api.devices>>;
export type SiteAnswer = Awaited<ReturnType<typeof api.sites>>;

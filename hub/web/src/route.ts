/** The spans the time range can be set to. */
export const ranges = ["1h", "today", "24h", "7d"] as const;
export type Range = (typeof ranges)[number];

/** Which part of the queue is shown. */
export const queues = ["open", "shelved", "closed"] as const;
export type QueueName = (typeof queues)[number];

/** The officers' pages, in the order of their tabs; those without a tab last. */
export const airPages = [
  "stations",
  "compare",
  "ledger",
  "review",
  "colocation",
  "noise",
  "forecast",
  "station",
  "report",
] as const;
export type AirPage = (typeof airPages)[number];
/** A page of the air door: what it is about (a place, a number) and what else was asked, which the page reads itself. */
export type AirRoute = {
  readonly door: "air";
  readonly page: AirPage;
  readonly id: string | undefined;
  readonly asked: Readonly<Record<string, string>>;
};

/** Where a person is, all of it in the address, so that a colleague can be sent exactly this view. */
export type Route =
  | { readonly door: "home" }
  | {
      readonly door: "desk";
      readonly site: string | undefined;
      readonly alert: string | undefined;
      readonly queue: QueueName;
      readonly plan: boolean;
      readonly range: Range;
    }
  | { readonly door: "boxes"; readonly device: string | undefined; readonly range: Range }
  | AirRoute
  | { readonly door: "open"; readonly site: string | undefined }
  | { readonly door: "lost"; readonly path: string };

const slug = /^[a-z0-9-]{1,40}$/;
const known = (text: string | undefined): string | undefined => (text && slug.test(text) ? text : undefined);

/** Reads an address. What it does not understand is `lost`, never an error. */
export function parseRoute(path: string, search: string = ""): Route {
  const [door, kind, id, ...rest] = path.split("/").filter((part) => part !== "");
  const asked = new URLSearchParams(search);
  const range = ranges.find((r) => r === asked.get("range")) ?? "1h";
  const queue = queues.find((q) => q === asked.get("queue")) ?? "open";
  const plan = asked.get("plan") !== "off";
  const lost = { door: "lost", path } as const;
  if (rest.length > 0) return lost;
  if (door === undefined) return { door: "home" };
  // People type it; the desk asks for a login by itself.
  if (door === "login" && kind === undefined) return parseRoute("/desk");
  if (door === "desk") {
    if (kind === undefined) return { door, site: undefined, alert: undefined, queue, plan, range };
    if (kind === "alert" && known(id)) return { door, site: undefined, alert: id, queue, plan, range };
    if (kind === "place" && known(id)) return { door, site: id, alert: undefined, queue, plan, range };
    return lost;
  }
  if (door === "air") {
    const page = kind === undefined ? "stations" : airPages.find((p) => p === kind && p !== "stations");
    if (!page || (id !== undefined && (!known(id) || !withId.has(page))) || (page === "station" && id === undefined))
      return lost;
    return { door, page, id, asked: askedOf(asked) };
  }
  if (id !== undefined || (kind !== undefined && known(kind) === undefined)) return lost;
  if (door === "boxes") return { door, device: kind, range };
  if (door === "open") return { door, site: kind };
  return lost;
}

/** The address of a route; `parseRoute` reads it back as the same route. */
export function addressOf(route: Route): string {
  switch (route.door) {
    case "home":
      return "/";
    case "lost":
      return route.path;
    case "open":
      return route.site ? `/open/${route.site}` : "/open";
    case "air": {
      const asked = new URLSearchParams(Object.entries(route.asked).sort()).toString();
      const page = route.page === "stations" ? "" : `/${route.page}`;
      return `/air${page}${route.id === undefined ? "" : `/${route.id}`}${asked === "" ? "" : `?${asked}`}`;
    }
    case "boxes":
      return `/boxes${route.device ? `/${route.device}` : ""}${asking({ range: route.range })}`;
    case "desk": {
      const where = route.alert ? `/alert/${route.alert}` : route.site ? `/place/${route.site}` : "";
      return `/desk${where}${asking({ range: route.range, queue: route.queue, plan: route.plan ? "on" : "off" })}`;
    }
    default:
      return route satisfies never;
  }
}

/** A page's own words in the address, as far as they can be any. */
const askedOf = (asked: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...asked].filter(([name, value]) => /^[a-z]{1,12}$/.test(name) && /^[\w.:,-]{1,200}$/.test(value)),
  );

/** Pages of one thing. A station always is of one; the others begin with a list. */
const withId: ReadonlySet<AirPage> = new Set(["station", "review", "colocation"]);

/** A page of the air door, as it begins. */
export const air = (page: AirPage, asked: Readonly<Record<string, string>> = {}, id?: string): AirRoute => ({
  door: "air",
  page,
  id,
  asked,
});

const usual: Record<string, string> = { range: "1h", queue: "open", plan: "on" };
function asking(words: Record<string, string>): string {
  const said = new URLSearchParams(Object.entries(words).filter(([name, value]) => usual[name] !== value)).toString();
  return said === "" ? "" : `?${said}`;
}

export const desk: Extract<Route, { door: "desk" }> = {
  door: "desk",
  site: undefined,
  alert: undefined,
  queue: "open",
  plan: true,
  range: "1h",
};

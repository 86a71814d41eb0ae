import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Alert,
  type AlertChange,
  AlertDetail,
  AlertList,
  AlertStep,
  AlertWords,
  Counts,
  DeviceList,
  DeviceView,
  type Direction,
  EventPage,
  Login,
  PeopleList,
  Problem,
  type RoadClass,
  Session,
  SiteList,
  type SiteView,
  type StoredEvent,
  StreamMessage,
  say,
} from "@openkerb/contract";
import { z } from "zod";
import { countBins, crossingAt, harbour, healthAt, millRoad, someStep } from "./mock-street.ts";

/** The policy the hub serves the page under, a little stricter. */
export const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

type Settings = {
  /** A fixed port to come back on after a stop; 0 for any. */
  readonly port?: number;
  readonly loginNeeded?: boolean;
  readonly places?: 0 | 1 | 2;
  /** Steps over lines a minute that happen by themselves. */
  readonly traffic?: number;
  /** Nobody has passed a line before the hub began, whatever the time of day. */
  readonly quiet?: boolean;
};

/** A hub of make-believe that speaks the real contract: every answer passes the contract's own schemas. */
export type MockHub = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  cross(what: { line: string; class: RoadClass; direction: Direction }): void;
  raise(
    given: Partial<Record<keyof Alert, unknown>> & { id: string },
    words?: Partial<Record<keyof AlertWords, string>>,
  ): void;
  clear(id: string): void;
  health(given: Record<string, unknown>): void;
  /** From now on these paths (beginnings) are answered with an error. */
  fail(...paths: string[]): void;
  /** Breaks every connection and stops listening; what happens meanwhile is kept. */
  stop(): Promise<void>;
  start(): Promise<void>;
  readonly asked: readonly string[];
};

const person = { name: "ada", password: "correct horse" };
const csrf = "mock-csrf-token";
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

export async function startMockHub(settings: Settings = {}): Promise<MockHub> {
  const { loginNeeded = false, places = 1, traffic = 0, quiet = false } = settings;
  const sites: SiteView[] = [millRoad, harbour].slice(0, places);
  const born = Date.now();
  const alerts = new Map<string, AlertDetail>();
  const log: { id: number; message: StreamMessage }[] = [];
  const events: StoredEvent[] = [];
  const streams = new Set<ServerResponse>();
  const asked: string[] = [];
  const sessions = new Set<string>();
  let failing: string[] = [];
  let nextId = 1;
  let port = settings.port ?? 0;
  let healthGiven: Record<string, unknown> = {};

  // A gap of five minutes, a quarter of an hour before the start, and one that was watched by half.
  const gap = (at: number): number => {
    const ago = (born - at) / 60_000;
    return ago > 14 && ago < 20 ? 0 : ago > 31 && ago < 33 ? 0.5 : 1;
  };

  const device = (site: SiteView): DeviceView =>
    DeviceView.parse({
      city: site.city,
      site: site.site,
      device: site.device,
      state: site === harbour ? "lost" : "online",
      since: site === harbour ? born - 26 * 60_000 : born - 93_600_000,
      software: "openkerb 0.1.0",
      config: "0123456789ab",
      health: healthAt(site, site === harbour ? born - 26 * 60_000 : Date.now(), site === millRoad ? healthGiven : {}),
      heard: site === harbour ? born - 26 * 60_000 : Date.now(),
      stored: 48_211,
      lost: 0,
      refused: 0,
      missing: 0,
    });

  const tell = (message: StreamMessage): void => {
    const entry = { id: nextId++, message: StreamMessage.parse(message) };
    log.push(entry);
    for (const stream of streams) stream.write(sse(entry));
  };
  const sse = ({ id, message }: (typeof log)[number]): string =>
    `id: ${id}\nevent: ${message.type}\ndata: ${JSON.stringify(message)}\n\n`;

  const cross = (what: { line: string; class: RoadClass; direction: Direction }): void => {
    const site = sites.find((s) => s.cameras.some((c) => c.lines.some((l) => l.id === what.line)));
    if (!site) throw new Error(`no place has the line ${what.line}`);
    const stored = crossingAt(site, events.length + 1, Date.now(), what);
    events.push(stored);
    tell({ type: "event", stored });
  };

  const keep = (detail: AlertDetail): AlertDetail => {
    const parsed = AlertDetail.parse(detail);
    alerts.set(parsed.alert.id, parsed);
    tell({ type: "alert", view: { alert: parsed.alert, words: parsed.words } });
    return parsed;
  };

  const change = (did: AlertChange["did"], by: string, text?: string): AlertChange =>
    ({ at: Date.now(), by, did, ...(text === undefined ? {} : { text }) }) as AlertChange;

  const step = (detail: AlertDetail, said: AlertStep, by: string): AlertDetail => {
    const { alert, history } = detail;
    const now = Date.now();
    const after = (given: Record<string, unknown>, what: AlertChange): AlertDetail => {
      const next = Alert.parse(JSON.parse(JSON.stringify({ ...alert, ...given })));
      return keep({ ...detail, alert: next, history: [...history, what] });
    };
    switch (said.do) {
      case "acknowledge": {
        const over = alert.condition === "cleared" ? { closed: now } : {};
        return after({ acknowledged: { by, at: now }, ...over }, change("acknowledged", by));
      }
      case "assign":
        return after(
          { assignee: said.to ?? undefined },
          change("assigned", by, said.to === null ? say("step.to-nobody") : say("step.to", { person: said.to })),
        );
      case "shelve":
        return after({ shelvedUntil: said.until }, change("shelved", by, said.reason));
      case "unshelve":
        return after({ shelvedUntil: undefined }, change("unshelved", by));
      case "note":
        return after({}, change("noted", by, said.text));
      case "close":
        return after({ closed: now }, change("closed", by, said.reason));
      default:
        return said satisfies never;
    }
  };

  class Wrong extends Error {
    readonly status: number;
    constructor(status: number, message: string) {
      super(message);
      this.status = status;
    }
  }

  const sessionOf = (token: string | undefined) => {
    const known = token !== undefined && sessions.has(token);
    const who = loginNeeded ? (known ? person.name : undefined) : "local";
    return Session.parse({
      ...(who ? { person: who } : {}),
      roles: who ? ["operator", "technician", "officer", "privacy"] : [],
      loginNeeded,
      csrf,
      city: "demo",
      software: "openkerb 0.1.0",
    });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://mock");
    const token = /mock-session=([a-z0-9]+)/.exec(request.headers.cookie ?? "")?.[1];
    const json = (schema: z.ZodType, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store", ...headers });
      response.end(JSON.stringify(schema.parse(body)));
    };
    if (!url.pathname.startsWith("/api/v1/")) {
      await page(url.pathname, response);
      return;
    }
    const path = url.pathname.slice("/api/v1".length);
    asked.push(`${request.method} ${path}`);
    if (failing.some((f) => path.startsWith(f))) throw new Wrong(500, "The hub's disk is full.");
    const who = sessionOf(token);
    if (request.method !== "GET" && request.headers["x-csrf-token"] !== csrf)
      throw new Wrong(403, "The token of this page is missing or old. Load the page anew.");
    const inside = (): void => {
      if (who.roles.length === 0) throw new Wrong(401, "Log in first: this is not for everybody.");
    };
    const [, first, id, more] = path.split("/");
    if (first === "session" && request.method === "GET") return json(Session, who);
    if (first === "session" && request.method === "DELETE") {
      if (token) sessions.delete(token);
      return json(Session, sessionOf(undefined));
    }
    if (first === "session") {
      const said = Login.parse(await body(request));
      if (said.person !== person.name || said.password !== person.password)
        throw new Wrong(401, "Name and password do not fit.");
      const fresh = Math.random().toString(36).slice(2);
      sessions.add(fresh);
      return json(Session, sessionOf(fresh), {
        "set-cookie": `mock-session=${fresh}; HttpOnly; SameSite=Strict; Path=/`,
      });
    }
    if (first === "sites") return json(SiteList, { sites });
    if (first === "counts") {
      const site = sites.find((s) => s.site === url.searchParams.get("site"));
      if (!site) throw new Wrong(404, "No place of this name is known here.");
      const bin = z.enum(["minute", "hour"]).parse(url.searchParams.get("bin"));
      const [from, to] = [Number(url.searchParams.get("from")), Number(url.searchParams.get("to"))];
      const bins = countBins({ site, bin, from, to, now: Date.now(), gap });
      return json(Counts, { site: site.site, bins: quiet ? bins.map((b) => ({ ...b, lines: [] })) : bins });
    }
    inside();
    if (first === "devices") return json(DeviceList, { devices: sites.map(device) });
    if (first === "people") return json(PeopleList, { people: loginNeeded ? ["ada", "bo", "chen"] : ["local", "bo"] });
    if (first === "events") {
      const page = events.filter((e) => e.site === url.searchParams.get("site")).slice(-500);
      return json(EventPage, { events: page, next: page.at(-1)?.id ?? 0 });
    }
    if (first === "alerts" && id === undefined) {
      const want = url.searchParams.get("state");
      const of = (a: Alert): string =>
        a.closed !== undefined ? "closed" : (a.shelvedUntil ?? 0) > Date.now() ? "shelved" : "open";
      const all = [...alerts.values()].filter(({ alert }) => want === "all" || of(alert) === want);
      return json(AlertList, { alerts: all.map(({ alert, words }) => ({ alert, words })) });
    }
    if (first === "alerts") {
      const detail = alerts.get(id ?? "");
      if (!detail) throw new Wrong(404, "No alert has this name.");
      if (more === undefined) return json(AlertDetail, detail);
      return json(AlertDetail, step(detail, AlertStep.parse(await body(request)), who.person ?? "local"));
    }
    if (first === "stream") return stream(request, response);
    throw new Wrong(404, "There is nothing at this address.");
  };

  const stream = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    const last = Number(request.headers["last-event-id"] ?? Number.NaN);
    if (!Number.isNaN(last)) for (const entry of log) if (entry.id > last) response.write(sse(entry));
    streams.add(response);
    response.on("close", () => streams.delete(response));
  };

  const page = async (path: string, response: ServerResponse): Promise<void> => {
    const wanted = normalize(path).replace(/^[/\\]+/, "");
    const file = extname(wanted) === "" ? "index.html" : wanted;
    const content = await readFile(join(dist, file)).catch(() => undefined);
    if (!content) throw new Wrong(404, "There is no such file.");
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-security-policy": policy,
    });
    response.end(content);
  };

  const open = () =>
    createServer((request, response) => {
      answer(request, response).catch((err: unknown) => {
        const status = err instanceof Wrong ? err.status : err instanceof z.ZodError ? 400 : 500;
        const message = err instanceof Error ? err.message : String(err);
        if (response.headersSent) {
          response.end();
          return;
        }
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(Problem.parse({ error: "mock", message })));
      });
    });

  let server = open();
  const listen = async (): Promise<void> => {
    server = open();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    const address = server.address();
    port = typeof address === "object" && address ? address.port : port;
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    streams.clear();
    await closed;
  };
  await listen();

  // Health every ten seconds and, when asked for, traffic: so that the page lives by itself during development.
  const timers = [
    setInterval(() => {
      for (const site of sites) if (site !== harbour) tell({ type: "device", device: device(site) });
    }, 10_000),
    ...(traffic > 0 && sites[0]
      ? [
          setInterval(
            () => cross(someStep(sites[Math.floor(Math.random() * sites.length)] ?? millRoad)),
            60_000 / traffic,
          ),
        ]
      : []),
  ];

  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    asked,
    cross,
    raise(given, words = {}) {
      const now = Date.now();
      const alert = Alert.parse({
        kind: "camera-dark",
        place: { city: "demo", site: "mill-road", device: "kerb-01", camera: "cam-1" },
        severity: "critical",
        condition: "active",
        occurrences: 1,
        first: now - 240_000,
        last: now - 240_000,
        detail: {},
        ...given,
      });
      keep({
        alert,
        words: AlertWords.parse({
          title: say("camera.dark", { camera: "Lamp post 12" }),
          sentence: say("camera.dark-on", {
            ...{ camera: "Lamp post 12", site: "Mill Road junction" },
            span: say("many.minute", { n: 4 }),
          }),
          where: "Mill Road junction, Lamp post 12",
          consequence: say("alert.not-counted"),
          action: say("camera.dark-action"),
          ...words,
        }),
        history: [{ at: alert.first, by: "hub", did: "raised" }],
      });
    },
    clear(id) {
      const detail = alerts.get(id);
      if (!detail) throw new Error(`no alert ${id}`);
      const now = Date.now();
      const closed = detail.alert.acknowledged ? { closed: now } : {};
      const alert = Alert.parse({ ...detail.alert, condition: "cleared", cleared: now, ...closed });
      keep({ ...detail, alert, history: [...detail.history, change("cleared", "hub")] });
    },
    health(given) {
      healthGiven = given;
      for (const site of sites) if (site !== harbour) tell({ type: "device", device: device(site) });
    },
    fail: (...paths) => {
      failing = paths;
    },
    stop: close,
    start: listen,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearInterval(timer);
      await close();
    },
  };
}

const body = async (request: IncomingMessage): Promise<unknown> => {
  let text = "";
  for await (const piece of request) text += String(piece);
  return JSON.parse(text);
};

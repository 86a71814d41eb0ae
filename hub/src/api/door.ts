import { createHmac, timingSafeEqual } from "node:crypto";
import { say } from "@openkerb/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isLoopback } from "../broker/broker.ts";
import type { Api, ApiParts } from "./parts.ts";
import { Refusal } from "./problem.ts";
import { judge, localVisitor, type Visitor } from "./visitor.ts";

/** Who comes in, and how they are known again. */
export type Door = {
  /** No login: the page listens on this machine only and nobody is named in the config. */
  readonly local: boolean;
  csrf(visitor: Visitor): string;
  /** Gives the browser its cookie. */
  remember(reply: FastifyReply, token: string): void;
  readonly cookie: string;
  /** The person of a session token, if it still opens. */
  visitorOf(token: string | undefined): Visitor;
};

/**
 * Everything that is asked before a route is reached: that the address is really ours (a foreign name that resolves
 * to this machine is a trick of another page), that a change comes from our own page, and who is asking.
 */
export function openDoor(app: Api, { settings, sessions, now }: ApiParts): Door {
  const { page, people } = settings.config;
  const onlyHere = isLoopback(page.host);
  const local = onlyHere && people.length === 0;
  const secure = settings.pageTls !== undefined;
  // Cookies know no ports: two hubs on one machine must not throw out each other's visitors.
  const cookie = secure ? "__Host-openkerb" : `openkerb-${page.port}`;
  const key = sessions.key("csrf");
  const csrf = ({ session }: Visitor): string => createHmac("sha256", key).update(session).digest("base64url");

  const visitorOf = (token: string | undefined): Visitor => {
    if (local) return localVisitor;
    if (token === undefined) return { person: undefined, roles: [], session: "" };
    const session = sessions.find(token, now());
    const known = session && people.find((p) => p.name === session.person);
    // A changed password ends the sessions that the old one opened.
    const stays = known && known.password === session.login;
    return stays
      ? { person: known.name, roles: known.roles, session: token }
      : { person: undefined, roles: [], session: token };
  };

  app.decorateRequest("visitor", null as unknown as Visitor);
  app.addHook("onRequest", async (request) => {
    if (onlyHere) mustBeOurName(request);
    request.visitor = visitorOf(request.cookies[cookie]);
    if (request.method !== "GET" && request.method !== "HEAD") {
      mustBeOurPage(request, secure);
      mustHoldToken(request, csrf(request.visitor));
    }
    switch (judge(request.routeOptions.config.access ?? "public", request.visitor)) {
      case "welcome":
        return;
      case "login-needed":
        throw new Refusal(401, "login-needed", say("refusal.login-first"));
      case "forbidden":
        throw new Refusal(403, "forbidden", say("refusal.other-role"));
    }
  });

  return {
    local,
    csrf,
    cookie,
    visitorOf,
    remember: (reply, token) =>
      void reply.setCookie(cookie, token, {
        httpOnly: true,
        sameSite: "strict",
        secure,
        path: "/",
        maxAge: 7 * 86_400,
      }),
  };
}

/** Against DNS rebinding: a page of another name reaches this machine, but its requests carry that name. */
function mustBeOurName({ headers }: FastifyRequest): void {
  const name = hostName(headers.host);
  if (name === undefined || !isLoopback(name)) throw new Refusal(421, "foreign-host", say("refusal.foreign-host"));
}

/** Browsers say where a change comes from; other programs need not. */
function mustBeOurPage({ headers }: FastifyRequest, secure: boolean): void {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  const foreign = new Refusal(403, "foreign-origin", say("refusal.foreign-origin"));
  if (site !== undefined && site !== "same-origin" && site !== "none") throw foreign;
  if (origin !== undefined && origin !== `${secure ? "https" : "http"}://${host}`) throw foreign;
}

function mustHoldToken({ headers }: FastifyRequest, wanted: string): void {
  const given = headers["x-csrf-token"];
  const right = Buffer.from(wanted);
  const asked = Buffer.from(typeof given === "string" ? given : "");
  if (asked.length !== right.length || !timingSafeEqual(asked, right))
    throw new Refusal(403, "csrf", say("refusal.csrf"));
}

function hostName(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(host);
  return match?.[1]?.replace(/^\[|\]$/g, "").toLowerCase();
}

import { randomBytes } from "node:crypto";
import { asWritten, Login, Problem, Session, say } from "@openkerb/contract";
import type { FastifyReply } from "fastify";
import { passwordChecks } from "../../broker/credential.ts";
import { CsrfHeader } from "../csrf-header.ts";
import type { Door } from "../door.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";
import type { Visitor } from "../visitor.ts";

/** More people than this do not type their passwords at the same moment. */
const loginsAtOnce = 16;

/** Who is asking; coming in and going out. */
export function sessionRoutes(app: Api, { settings, sessions, journal, software, now }: ApiParts, door: Door): void {
  const { city, people } = settings.config;
  const check = passwordChecks(new Map(people.map((p) => [p.name, p.password])));
  let checking = 0;
  const view = (visitor: Visitor): Session => ({
    ...(visitor.person !== undefined && { person: visitor.person }),
    roles: [...visitor.roles],
    loginNeeded: !door.local,
    csrf: door.csrf(visitor),
    city,
    software,
  });
  const stranger = (reply: FastifyReply): Session => {
    const token = randomBytes(32).toString("base64url");
    door.remember(reply, token);
    return view({ person: undefined, roles: [], session: token });
  };

  app.get(
    "/session",
    {
      config: { access: "public" },
      schema: { tags: ["session"], summary: "Who is asking", response: { 200: Session } },
    },
    async ({ visitor }, reply) => (visitor.session === "" ? stranger(reply) : view(visitor)),
  );

  app.post(
    "/session",
    {
      config: {
        access: "public",
        rateLimit: {
          max: 10,
          timeWindow: "1 minute",
          errorResponseBuilder: (_, { after }) =>
            new Refusal(429, "too-many", say("refusal.many-logins", { after: asWritten(after) })),
        },
      },
      schema: {
        tags: ["session"],
        summary: "Log in",
        headers: CsrfHeader,
        body: Login,
        response: { 200: Session, 401: Problem, 429: Problem },
      },
    },
    async ({ body, visitor }, reply) => {
      if (door.local) throw new Refusal(409, "no-login", say("refusal.no-login"));
      if (checking >= loginsAtOnce) throw crowded();
      checking++;
      try {
        const verdict = await check(body.person, body.password);
        if (verdict === "too-many") throw crowded();
        if (verdict === "wrong") {
          journal.loginRefused();
          throw new Refusal(401, "login-refused", say("refusal.wrong-login"));
        }
      } finally {
        checking--;
      }
      const login = people.find((p) => p.name === body.person)?.password ?? "";
      const token = sessions.open(body.person, login, now(), visitor.session);
      door.remember(reply, token);
      return view(door.visitorOf(token));
    },
  );

  app.delete(
    "/session",
    {
      config: { access: "anyone" },
      schema: { tags: ["session"], summary: "Log out", headers: CsrfHeader, response: { 200: Session } },
    },
    async ({ visitor }, reply) => {
      if (door.local) return view(visitor);
      sessions.note(now(), visitor.person ?? "", "log-out");
      sessions.close(visitor.session);
      return stranger(reply);
    },
  );
}

const crowded = (): Refusal => new Refusal(429, "too-many", say("refusal.crowded"));

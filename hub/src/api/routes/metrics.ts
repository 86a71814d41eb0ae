import { say } from "@openkerb/contract";
import type { FastifyRequest } from "fastify";
import { passwordChecks } from "../../broker/credential.ts";
import type { Door } from "../door.ts";
import type { Api, ApiParts } from "../parts.ts";
import { Refusal } from "../problem.ts";

/** For Prometheus. On a hub that others can reach it asks for a technician's name and password (HTTP basic). */
export function metricsRoute(app: Api, { registry, settings, journal }: ApiParts, { local }: Door): void {
  const technicians = settings.config.people.filter((p) => p.roles.includes("technician"));
  const check = passwordChecks(new Map(technicians.map((p) => [p.name, p.password])));
  app.get(
    "/metrics",
    {
      // Asked for here and not at the door, because a collector keeps no cookie.
      config: { access: "public", rateLimit: { max: 60, timeWindow: "1 minute" } },
      schema: { tags: ["watch"], summary: "Metrics in Prometheus' text format" },
    },
    async (request, reply) => {
      if (!local && !request.visitor.roles.includes("technician")) {
        const login = basic(request);
        const verdict = login ? await check(login.name, login.password) : "wrong";
        if (verdict === "too-many") throw new Refusal(429, "too-many", say("refusal.crowded"));
        if (verdict === "wrong") {
          if (login) journal.loginRefused();
          reply.header("www-authenticate", 'Basic realm="openkerb"');
          throw new Refusal(401, "login-needed", say("refusal.metrics"));
        }
      }
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}

function basic({ headers }: FastifyRequest): { name: string; password: string } | undefined {
  const [scheme, given] = headers.authorization?.split(" ") ?? [];
  if (scheme?.toLowerCase() !== "basic" || given === undefined) return undefined;
  const text = Buffer.from(given, "base64").toString();
  const colon = text.indexOf(":");
  return colon > 0 ? { name: text.slice(0, colon), password: text.slice(colon + 1) } : undefined;
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import { say } from "@openkerb/contract";
import type { Api } from "../parts.ts";
import { Refusal } from "../problem.ts";

const doors = ["/", "/desk", "/desk/*", "/air", "/air/*", "/boxes", "/boxes/*", "/open", "/open/*", "/login"];
const year = 31_536_000;

/** The screens: files of the web build, and its one page for every door. */
export async function pageRoutes(app: Api, folder: string): Promise<void> {
  const built = existsSync(join(folder, "index.html"));
  const open = { config: { access: "public" as const }, schema: { hide: true } };
  if (built)
    await app.register(staticFiles, {
      root: folder,
      wildcard: true,
      index: false,
      schemaHide: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names of built files hold a digest of their content, so that they never change.
        const forever = path.includes("/assets/");
        reply.header("cache-control", forever ? `public, max-age=${year}, immutable` : "no-cache");
      },
    });
  for (const door of doors)
    app.get(door, open, async (_, reply) => {
      reply.header("cache-control", "no-cache");
      if (built) return reply.sendFile("index.html", folder);
      return reply
        .code(503)
        .type("text/plain; charset=utf-8")
        .send(
          "OpenKerb's hub is running, but its screens have not been built.\nRun: npm run build -w hub/web\nThe API answers meanwhile: /docs describes it.\n",
        );
    });
  app.setNotFoundHandler(async () => {
    throw new Refusal(404, "not-found", say("refusal.nothing-here"));
  });
}

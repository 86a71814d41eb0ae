import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import { apiRoot } from "@openkerb/contract";
import fastify from "fastify";
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { callerOf } from "../broker/caller.ts";
import { listenTrouble } from "../listen-trouble.ts";
import { openDoor } from "./door.ts";
import type { Api, ApiParts } from "./parts.ts";
import { tellProblem } from "./problem.ts";
import { airRoutes } from "./routes/air.ts";
import { airAnomaliesRoute } from "./routes/air-anomalies.ts";
import { airAuditRoute } from "./routes/air-audit.ts";
import { airColocationRoutes } from "./routes/air-colocation.ts";
import { airCorrectionRoutes } from "./routes/air-correction.ts";
import { airExportRoutes } from "./routes/air-export.ts";
import { airForecastRoute } from "./routes/air-forecast.ts";
import { hoursRoutes } from "./routes/air-hours.ts";
import { airReportRoute } from "./routes/air-report.ts";
import { airReviewRoutes } from "./routes/air-review.ts";
import { sensorThingsRoutes } from "./routes/air-sensorthings.ts";
import { airValidationRoutes } from "./routes/air-validation.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { countsRoute } from "./routes/counts.ts";
import { devicesRoute } from "./routes/devices.ts";
import { describeRoutes, docsRoutes } from "./routes/docs.ts";
import { eventsRoute } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { pageRoutes } from "./routes/page.ts";
import { peopleRoute } from "./routes/people.ts";
import { sessionRoutes } from "./routes/session.ts";
import { sitesRoute } from "./routes/sites.ts";
import { streamRoute } from "./routes/stream.ts";
import { sendSecurityHeaders } from "./security-headers.ts";

/** Where `npm run build -w hub/web` puts the screens. */
const webBuild = fileURLToPath(new URL("../../web/dist", import.meta.url));

export type Page = AsyncDisposable & { readonly url: string; readonly port: number };

/**
 * Opens the page and its API.
 * @throws Trouble when the port is taken or the address is not this machine's
 */
export async function openPage(parts: ApiParts, webFolder: string = webBuild): Promise<Page> {
  const { settings, journal } = parts;
  const { host, port } = settings.config.page;
  const tls = settings.pageTls;
  const app = await buildApi(parts, webFolder);
  try {
    await app.listen({ host, port });
  } catch (err) {
    await app.close();
    throw listenTrouble(err, { host, port }, { what: "page", holders: "another hub", setting: "page.port (--port)" });
  }
  const address = (app.server as Server).address();
  const bound = typeof address === "object" && address ? address.port : port;
  const name = host.includes(":") ? `[${host}]` : host === "127.0.0.1" ? "localhost" : host;
  const url = `${tls ? "https" : "http"}://${name}:${bound}`;
  journal.pageListening(url);
  return { url, port: bound, [Symbol.asyncDispose]: () => app.close() };
}

/** The API without its socket. */
export async function buildApi(parts: ApiParts, webFolder: string): Promise<Api> {
  const tls = parts.settings.pageTls;
  const app = fastify({
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 100 },
    ...(tls && { https: { key: tls.key, cert: tls.certificate, minVersion: "TLSv1.2" } }),
  }).withTypeProvider<ZodTypeProvider>() as unknown as Api;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(tellProblem(parts.journal));
  await sendSecurityHeaders(app, tls !== undefined);
  await app.register(cookie);
  const door = openDoor(app, parts);
  await app.register(rateLimit, { global: false, keyGenerator: ({ ip }) => callerOf(ip) });
  await describeRoutes(app, parts.software);
  await app.register(
    async (plain) => {
      const api = plain as unknown as Api;
      // A route that forgot to say who may come in is a door left open.
      api.addHook("onRoute", ({ config, url }) => {
        if (config?.access === undefined) throw new Error(`the route ${url} does not say who may use it`);
      });
      sessionRoutes(api, parts, door);
      sitesRoute(api, parts);
      countsRoute(api, parts);
      airRoutes(api, parts);
      airExportRoutes(api, parts);
      airForecastRoute(api, parts);
      airAnomaliesRoute(api, parts);
      airReportRoute(api, parts);
      airReviewRoutes(api, parts);
      airValidationRoutes(api, parts);
      airAuditRoute(api, parts);
      airColocationRoutes(api, parts);
      airCorrectionRoutes(api, parts);
      devicesRoute(api, parts);
      eventsRoute(api, parts);
      alertRoutes(api, parts);
      peopleRoute(api, parts, door);
      streamRoute(api, parts, door);
    },
    { prefix: apiRoot },
  );
  sensorThingsRoutes(app, parts);
  hoursRoutes(app, parts);
  healthRoutes(app, parts);
  metricsRoute(app, parts, door);
  await docsRoutes(app);
  await pageRoutes(app, webFolder);
  return app;
}

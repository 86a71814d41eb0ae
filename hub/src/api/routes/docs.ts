import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform } from "fastify-type-provider-zod";
import type { Api } from "../parts.ts";

/** Must be registered before the routes it describes. */
export async function describeRoutes(app: Api, software: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "OpenKerb hub",
        version: software,
        description:
          "City streets, measured without watching people. Times are milliseconds since 1970-01-01T00:00:00Z. Everything but GET wants the x-csrf-token of GET /api/v1/session.",
      },
    },
    transform: jsonSchemaTransform,
  });
}

/** The API in words and to try out, at /docs. */
export async function docsRoutes(app: Api): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    uiConfig: { docExpansion: "list", deepLinking: true, layout: "BaseLayout" },
  });
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Instant } from "@openkerb/contract";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import type { HubSettings } from "../config.ts";
import type { Feed } from "../flow/alerts-to-api.ts";
import type { Journal } from "../journal.ts";
import type { Quality } from "../quality/quality.ts";
import type { AlertDesk } from "../store/alert-desk.ts";
import type { AlertTable } from "../store/alert-table.ts";
import type { Database } from "../store/database.ts";
import type { SessionTable } from "../store/session-table.ts";
import type { Store } from "../store/store.ts";
import type { Visitor } from "./visitor.ts";

/** What the routes stand on. */
export type ApiParts = {
  readonly settings: HubSettings;
  readonly store: Store;
  /** The store's own connection, for tables that hold what the hub itself made. */
  readonly database: Database;
  readonly alerts: AlertTable;
  readonly desk: AlertDesk;
  /** Where officers decide about readings. */
  readonly quality: Quality;
  readonly sessions: SessionTable;
  readonly feed: Feed;
  readonly registry: Registry;
  readonly journal: Journal;
  readonly now: () => Instant;
  /** Why boxes cannot reach the hub, in a sentence; undefined while they can. */
  readonly brokerTrouble: () => string | undefined;
  /** Why nothing old is deleted, in a sentence; undefined while all is well. */
  readonly clockTrouble: () => string | undefined;
  readonly software: string;
  /** Ends with the hub: open streams let go. */
  readonly signal: AbortSignal;
};

export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

declare module "fastify" {
  interface FastifyRequest {
    visitor: Visitor;
  }
  interface FastifyContextConfig {
    /** Who may come in; a route without it does not start. */
    access?: import("./visitor.ts").Access;
  }
}

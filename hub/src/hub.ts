import { readFileSync } from "node:fs";
import { type Instant, type Millis, seconds } from "@openkerb/contract";
import { type Logger, pino } from "pino";
import { Registry } from "prom-client";
import { type Patience, patience as usualPatience } from "./alert/presence.ts";
import { wordsOf } from "./alert/words.ts";
import { namesOf } from "./api/names.ts";
import { openPage } from "./api/server.ts";
import { siteViews } from "./api/site-views.ts";
import { type Broker, openBroker } from "./broker/broker.ts";
import { type Closing, openClosing } from "./closing.ts";
import type { HubSettings } from "./config.ts";
import { alertsToApi, openFeed } from "./flow/alerts-to-api.ts";
import { inboxToRecords } from "./flow/inbox-to-records.ts";
import { mqttToInbox } from "./flow/mqtt-to-inbox.ts";
import { recordsToStore } from "./flow/records-to-store.ts";
import { storeToAlerts } from "./flow/store-to-alerts.ts";
import { type Journal, openJournal } from "./journal.ts";
import { testsWith } from "./quality/own-settings.ts";
import { openQuality } from "./quality/quality.ts";
import { openSweep } from "./quality/sweep.ts";
import { openAlertDesk } from "./store/alert-desk.ts";
import { alertTable } from "./store/alert-table.ts";
import { openBroom } from "./store/retention-broom.ts";
import { sessionTable } from "./store/session-table.ts";
import { openStore } from "./store/sqlite-store.ts";
import { openWatch } from "./watch/watch.ts";

export type HubParts = {
  /** Ends the hub in order when aborted; disposing of it does the same. */
  readonly signal?: AbortSignal;
  /** Where the journal is written; without it nothing is. */
  readonly log?: Logger;
  /** Other than usual, for tests and trials. */
  readonly overrides?: {
    readonly now?: () => Instant;
    readonly patience?: Partial<Patience>;
    readonly webFolder?: string;
    readonly watchEvery?: Millis;
    readonly sweepEvery?: Millis;
  };
};

export type Hub = AsyncDisposable & {
  readonly pageUrl: string;
  /** Undefined with an external broker. */
  readonly brokerPort: number | undefined;
  /** Settles when the hub has ended; rejects when it ended because of a fault. */
  readonly ended: Promise<void>;
};

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/**
 * Starts the hub: mqtt → inbox → records → store → alerts → api. Everything is open when the promise resolves.
 * @throws Trouble when a port is taken, the data folder is in use, or the database cannot be read
 */
export async function startHub(settings: HubSettings, parts: HubParts): Promise<Hub> {
  const open = openClosing();
  try {
    return await openAll(settings, parts, open);
  } catch (err) {
    await open[Symbol.asyncDispose]();
    throw err;
  }
}

async function openAll(settings: HubSettings, parts: HubParts, open: Closing): Promise<Hub> {
  const { config } = settings;
  const { overrides = {} } = parts;
  const registry = new Registry();
  const journal = openJournal(parts.log ?? pino({ level: "silent" }), registry);
  const now = overrides.now ?? (() => Date.now() as Instant);
  const stop = new AbortController();

  const store = open.use(openStore({ folder: config.data }));
  store.forgetStates(now());
  const sessions = sessionTable(store.database);
  const alerts = alertTable(store.database);
  const feed = openFeed({
    store,
    alerts,
    alertMessage: (alert) => ({
      type: "alert",
      view: { alert, words: wordsOf(alert, namesOf(settings.sites, store.births()), now()) },
    }),
    hub: sessions.key("feed").toString("hex").slice(0, 8),
    now,
  });
  const desk = openAlertDesk(alerts, store.device, () => {
    journal.alertsOpen(alerts.countOpen());
    feed.alertsChanged();
  });

  const quality = openQuality(store, now(), testsWith(config.air.quality));

  const inbox = mqttToInbox(now);
  let broker: Broker | undefined;
  let brokerTrouble = config.broker.kind === "external" ? "The broker has not been reached yet." : undefined;
  const records = inboxToRecords(inbox, journal);
  const commits = recordsToStore(records, {
    store,
    send: (...message) => broker?.send(...message) ?? false,
    city: config.city,
    journal,
    now,
  });
  const heard = storeToAlerts(commits, {
    desk,
    store,
    journal,
    now,
    patience: { ...usualPatience, ...overrides.patience },
    lookEvery: seconds(1),
  });
  const flow = alertsToApi(heard, feed);
  flow.catch(() => {});
  open.defer(async () => {
    inbox.close();
    await flow;
  });
  broker = open.use(
    await openBroker({
      config: config.broker,
      city: config.city,
      devices: config.devices,
      onMessage: inbox.take,
      onRefused: inbox.refuse,
      journal: listenedTo(journal, (reached) => {
        brokerTrouble = reached ? undefined : "The broker cannot be reached; boxes keep their data meanwhile.";
      }),
    }),
  );
  const positionOf = (site: string) =>
    siteViews(settings.sites, store.births()).find((view) => view.site === site)?.position;
  const { review, corrections, settings: dated } = quality;
  open.use(openSweep({ store, desk: review, corrections, now, positionOf, settings: dated }, journal));
  const { sweepEvery } = overrides;
  const broom = open.use(
    openBroom({
      store,
      folder: config.data,
      keep: config.keep,
      now,
      journal,
      ...(sweepEvery !== undefined && { every: sweepEvery }),
    }),
  );
  const page = open.use(
    await openPage(
      {
        settings,
        store,
        database: store.database,
        alerts,
        desk,
        quality,
        sessions,
        feed,
        registry,
        journal,
        now,
        brokerTrouble: () => brokerTrouble,
        clockTrouble: broom.trouble,
        software: version,
        signal: stop.signal,
      },
      overrides.webFolder,
    ),
  );
  const { watchEvery } = overrides;
  open.use(
    openWatch({
      settings,
      store,
      desk,
      database: store.database,
      journal,
      now,
      ...(watchEvery !== undefined && { lookEvery: watchEvery }),
    }),
  );

  const { end, ended } = orderlyEnd(open, { asked: parts.signal, stop, fault: flow, journal });
  return { pageUrl: page.url, brokerPort: broker.port, ended, [Symbol.asyncDispose]: end };
}

/** The same journal, with somebody who wants to know whether another broker is there. */
const listenedTo = (journal: Journal, tell: (reached: boolean) => void): Journal => ({
  ...journal,
  brokerReached(url) {
    tell(true);
    journal.brokerReached(url);
  },
  brokerLost(url, code) {
    tell(false);
    journal.brokerLost(url, code);
  },
});

type End = {
  readonly asked: AbortSignal | undefined;
  readonly stop: AbortController;
  /** Rejects when the hub cannot go on. */
  readonly fault: Promise<unknown>;
  readonly journal: Journal;
};

/** One end for all ways to it: asked by a signal, disposed of, or a fault that nobody may overlook. */
function orderlyEnd(
  open: Closing,
  { asked, stop, fault, journal }: End,
): { end(): Promise<void>; ended: Promise<void> } {
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= Promise.resolve().then(async () => {
      asked?.removeEventListener("abort", end);
      journal.stopping();
      stop.abort();
      await open[Symbol.asyncDispose]();
      journal.stopped();
    });
    return ending;
  };
  const ended = new Promise<void>((resolve, reject) => {
    stop.signal.addEventListener("abort", () => end().then(resolve, reject));
    fault.catch((err: unknown) => end().finally(() => reject(err)));
  });
  ended.catch(() => {});
  if (asked?.aborted) void end();
  else asked?.addEventListener("abort", end, { once: true });
  return { end, ended };
}

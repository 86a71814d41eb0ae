import type { DeviceId, Epoch, UpStream } from "@openkerb/contract";
import type { Logger } from "pino";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MissingReason, Refusal } from "./store/store.ts";

/**
 * Everything worth telling an operator, as log lines and counters. Nothing else in the hub holds a logger.
 * Fields are names and numbers; no payload, no password and no text that came over the wire is ever one.
 */
export function openJournal(log: Logger, registry: Registry) {
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `openkerb_hub_${name}`, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name: `openkerb_hub_${name}`, help, registers });

  const messages = counter("messages_total", "Messages of devices, by stream", ["stream"]);
  const stored = counter("items_stored_total", "Events and readings committed");
  const known = counter("items_known_total", "Items that came again and were known already");
  const refused = counter("items_refused_total", "What was not taken in, by reason", ["why"]);
  const lost = counter("items_lost_total", "Items known to be lost, by reason", ["why"]);
  const acks = counter("acks_total", "Acks sent to devices");
  const asked = counter("resends_total", "Ranges asked for again");
  const dropped = counter("batches_dropped_total", "Batches left unacknowledged while the store could not write");
  const cut = counter("connections_cut_total", "Connections ended by the hub, by reason", ["why"]);
  const failures = counter("store_failures_total", "Commits that failed");
  const connected = gauge("devices_connected", "Devices connected to the embedded broker");
  const writable = gauge("store_writable", "1 when the last commit worked");
  const commitTime = new Histogram({
    name: "openkerb_hub_commit_seconds",
    help: "Time of one commit to the database",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
    registers,
  });
  writable.set(1);
  const sparing = sparingly();

  const watchFailures = counter("watch_failures_total", "Tasks of forecasts and unusual hours that failed", ["task"]);
  const learnTime = new Histogram({
    name: "openkerb_hub_forecast_learn_seconds",
    help: "Time of learning to forecast one channel",
    buckets: [1, 5, 10, 30, 60, 120, 300, 600],
    registers,
  });
  const refusedLogins = counter("logins_refused_total", "Logins with a wrong name or password");
  const alertChanges = counter("alert_changes_total", "Changes of alerts");
  const leapt = gauge("clock_ahead", "1 while the clock leapt ahead and nothing old is deleted");
  const openAlerts = gauge("alerts_open", "Alerts that are not closed");
  const screens = gauge("stream_readers", "Screens that follow the live updates");
  const droppedScreens = counter("stream_readers_dropped_total", "Screens let go because they read too slowly");

  return {
    pageListening: (url: string) => log.info({ event: "page-listening", url }),
    stopping: () => log.info({ event: "stopping" }),
    stopped: () => log.info({ event: "stopped" }),
    alertsOpen: (count: number) => {
      openAlerts.set(count);
      alertChanges.inc();
    },
    alertsFailed: (err: unknown) =>
      log.error({ event: "alerts-failed", err, meaning: "alerts stand still and go on where they stopped" }),
    sweepFailed: (err: unknown) =>
      log.error({ event: "sweep-failed", err, meaning: "old data stays for now; it is tried again in a minute" }),
    /** Milliseconds since 1970: what the clock of this machine says, and what it should say. */
    clockAhead: (now: number, expected: number) => {
      leapt.set(1);
      log.error({
        event: "clock-ahead",
        now,
        expected,
        meaning: "nothing old is deleted: the clock of this machine leapt ahead",
        next: "set the clock right; if it is right, run: openkerb hub trust-clock",
      });
    },
    clockPlausible: () => {
      leapt.set(0);
      log.info({ event: "clock-plausible", meaning: "old data is deleted again when its time has come" });
    },
    qualityFailed: (err: unknown) =>
      log.error({ event: "quality-failed", err, meaning: "tests of quality stand still and are tried again" }),
    watchFailed: (task: "score" | "say" | "learn" | "look", channel: number | undefined, err: unknown) => {
      watchFailures.inc({ task });
      log.error({
        event: "watch-failed",
        task,
        channel,
        err,
        meaning: "forecasts and scores stay as they were; it is tried again",
      });
    },
    forecastLearnt: (channel: number, seconds: number, why: string | undefined) => {
      learnTime.observe(seconds);
      log.info({ event: "forecast-learnt", channel, seconds, why });
    },
    alertsRecovered: () => log.info({ event: "alerts-recovered" }),
    loginRefused: () => {
      refusedLogins.inc();
      log.warn({ event: "login-refused" });
    },
    readers: (count: number) => screens.set(count),
    readerDropped: () => droppedScreens.inc(),
    requestFailed: (method: string, route: string, err: unknown) =>
      log.error({ event: "request-failed", method, route, err }),
    brokerListening: (host: string, port: number, tls: boolean) =>
      log.info({ event: "broker-listening", host, port, tls }),
    brokerReached: (url: string) => log.info({ event: "broker-reached", url }),
    brokerLost: (url: string, code: string) => log.warn({ event: "broker-lost", url, code }),
    deviceConnected: (device: DeviceId, count: number) => {
      connected.set(count);
      log.debug({ event: "device-connected", device });
    },
    deviceGone: (device: DeviceId, count: number) => {
      connected.set(count);
      log.debug({ event: "device-gone", device });
    },
    /** A connection was refused or ended by us; `device` only when it had proved who it is. */
    connectionCut: (why: CutReason, device?: DeviceId) => {
      cut.inc({ why });
      sparing(`cut ${why} ${device}`, 1, (count) => log.warn({ event: "connection-cut", why, device, count }));
    },
    received: (stream: UpStream, count: number) => messages.inc({ stream }, count),
    refused: (device: DeviceId, why: Refusal, count: number) => {
      refused.inc({ why }, count);
      sparing(`refused ${why} ${device}`, count, (sum) => log.warn({ event: "refused", device, why, count: sum }));
    },
    committed: (counts: { stored: number; known: number; seconds: number }) => {
      stored.inc(counts.stored);
      known.inc(counts.known);
      commitTime.observe(counts.seconds);
    },
    acked: (count: number) => acks.inc(count),
    resendAsked: (device: DeviceId, epoch: Epoch, from: number, to: number) => {
      asked.inc();
      log.info({ event: "resend-asked", device, epoch, from, to });
    },
    dataLost: (device: DeviceId, epoch: Epoch, from: number, to: number | undefined, why: MissingReason) => {
      lost.inc({ why }, to === undefined ? 1 : to - from + 1);
      log.warn({ event: "data-lost", device, epoch, from, to, why });
    },
    deviceDoubled: (device: DeviceId) =>
      sparing(`doubled ${device}`, 1, (count) =>
        log.warn({
          event: "device-doubled",
          device,
          count,
          meaning: "two boxes use this id and throw each other out",
          next: "give one of them an id of its own",
        }),
      ),
    birthAsked: (device: DeviceId) => log.info({ event: "birth-asked", device }),
    storeFailed: (code: string) => {
      failures.inc();
      writable.set(0);
      log.error({
        event: "store-failed",
        code,
        meaning: "nothing is acknowledged until the database can write again; the boxes keep their data",
      });
    },
    storeDropped: (batches: number) => dropped.inc(batches),
    storeRecovered: () => {
      writable.set(1);
      log.info({ event: "store-recovered" });
    },
  };
}
export type Journal = ReturnType<typeof openJournal>;

/** Why the hub ended or refused a connection. */
export type CutReason =
  | "too-slow"
  | "too-large"
  | "foreign-topic"
  | "foreign-will"
  | "foreign-subscription"
  | "login-refused"
  | "too-many-logins"
  | "unknown-name"
  | "too-many"
  | "broken-protocol";

/** A line that would repeat is written at most every ten seconds, with how often it happened meanwhile. */
function sparingly() {
  const told = new Map<string, { at: number; count: number }>();
  return (key: string, count: number, write: (count: number) => void): void => {
    const now = performance.now();
    const before = told.get(key);
    if (before && now - before.at < 10_000) {
      before.count += count;
      return;
    }
    if (told.size > 1000) told.clear();
    told.set(key, { at: now, count: 0 });
    write((before?.count ?? 0) + count);
  };
}

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { hours, type Instant, type Millis, minutes, say, seconds } from "@openkerb/contract";
import { eventOf, type ForecastMetric, forecastMetrics } from "../air/forecast/event-levels.ts";
import type { HubSettings } from "../config.ts";
import type { Journal } from "../journal.ts";
import type { AlertDesk } from "../store/alert-desk.ts";
import { correctionSpans } from "../store/correction-spans.ts";
import type { Database } from "../store/database.ts";
import { forecastReader, forecastWriter } from "../store/forecast-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import { scoreWriter } from "../store/score-table.ts";
import { daySpan, hourSpan, type Store } from "../store/store.ts";
import { type Above, aboveNow } from "./episodes.ts";
import { isScored, type Task, type TaskAnswer } from "./task.ts";

export type WatchParts = {
  readonly settings: HubSettings;
  readonly store: Pick<Store, "channels" | "rollups" | "device">;
  readonly desk: Pick<AlertDesk, "stand">;
  /** The store's writing connection; the thread has one of its own that only reads. */
  readonly database: Database;
  readonly journal: Journal;
  readonly now: () => Instant;
  /** How often it is looked whether an hour is over. */
  readonly lookEvery?: Millis;
};

/** After the end of an hour, so that its last minutes have come in. */
const settle = minutes(5);
/** Learning a channel of two years takes a minute, on a busy machine a quarter of an hour; what takes this long hangs. */
const longest = hours(1);
const learnEvery = daySpan;
/** What was said is kept this long. */
const keepSaid = 400 * daySpan;

/**
 * The hub's own work on what was measured: scores of each hour, forecasts each hour, and learning them anew each day. All
 * of it happens on one thread of low priority, one task after another; what it finds is written here, a little at a time.
 */
export function openWatch(parts: WatchParts): AsyncDisposable {
  const { settings, store, desk, database, journal, now, lookEvery = seconds(15) } = parts;
  const { region, utcOffset } = settings.config.air;
  const offset = utcOffset * hourSpan;
  const forecasts = forecastWriter(database);
  const { looks } = forecastReader(database);
  const scores = scoreWriter(database);
  const corrections = correctionSpans(database);
  // What is measured now nobody has validated yet.
  const measured: Parameters<typeof aboveNow>[0] = {
    rollups: store.rollups,
    decisions: async (channel) => ({ validations: [], hours: [], corrected: corrections(channel) }),
  };
  const tasks: Task[] = [];
  let worker: Worker | undefined;
  let going: { readonly task: Task; readonly since: number } | undefined;
  let looking = false;
  let closed = false;
  let lastEnd = 0;

  const start = (): Worker => {
    const fresh = new Worker(new URL("./watch-worker.mjs", import.meta.url), {
      workerData: { folder: settings.config.data, offset },
    });
    fresh.unref();
    fresh.on("message", (answer: TaskAnswer) => guarded(() => take(answer)));
    fresh.on("error", (error) => {
      if (worker === fresh) worker = undefined;
      ended(error);
    });
    fresh.on("exit", () => {
      if (worker === fresh) worker = undefined;
    });
    return fresh;
  };
  const guarded = (work: () => void): void => {
    if (closed) return;
    try {
      work();
    } catch (error) {
      journal.watchFailed(going?.task.kind ?? "look", going?.task.channel.id, error);
    }
  };
  const ended = (error?: unknown): void => {
    const task = going?.task;
    going = undefined;
    if (error !== undefined && !closed) journal.watchFailed(task?.kind ?? "look", task?.channel.id, error);
    // A channel that cannot be learnt waits for its next day like any other.
    if (error !== undefined && task?.kind === "learn")
      guarded(() => {
        const why = say("forecast.failed");
        forecasts.learnt({ channel: task.channel.id, learnt: task.now, why }, []);
      });
    next();
  };
  const take = (answer: TaskAnswer): void => {
    switch (answer.kind) {
      case "scored":
        scores(answer.channel, answer.scores);
        return;
      case "said":
        forecasts.say(answer.said);
        return;
      case "learnt": {
        forecasts.learnt(answer.look, answer.models);
        const spent = going ? (performance.now() - going.since) / 1000 : 0;
        journal.forecastLearnt(answer.look.channel, spent, answer.look.why);
        if (going?.task.kind === "learn" && answer.look.why === undefined)
          tasks.unshift({ ...going.task, kind: "say" });
        return;
      }
      case "done":
        ended();
        return;
      case "failed":
        ended(answer.error);
        return;
      default:
        answer satisfies never;
    }
  };
  const next = (): void => {
    const task = closed || going ? undefined : tasks.shift();
    if (!task) return;
    going = { task, since: performance.now() };
    worker ??= start();
    worker.postMessage(task);
  };

  const isForecast = (c: Channel): c is Channel & { metric: ForecastMetric } =>
    forecastMetrics.some((metric) => metric === c.metric);
  const learning = (channels: readonly Channel[], end: number, at: Instant): Task | undefined => {
    const known = new Map(looks().map(({ channel, learnt }) => [channel, learnt]));
    const due = channels
      .filter(isForecast)
      .map((channel) => ({ channel, learnt: known.get(channel.id) ?? Number.NEGATIVE_INFINITY }))
      // A time to come was noted by a clock that has been set back since.
      .filter(({ learnt }) => at - learnt >= learnEvery || learnt > at)
      .sort((a, b) => a.learnt - b.learnt)[0];
    if (!due) return undefined;
    const day = new Date(at + offset).toISOString().slice(0, 10);
    return { kind: "learn", channel: due.channel, end, now: at, event: eventOf(due.channel, region, day) };
  };
  /** Tells the operator's queue what lies above a threshold of the law, box by box. */
  const warn = async (channels: readonly Channel[], end: number): Promise<void> => {
    const boxes = new Map<string, Channel>();
    const above = new Map<string, Above[]>();
    for (const site of new Set(channels.map((c) => c.site))) {
      const own = channels.filter((c) => c.site === site);
      for (const c of own) boxes.set(`${site}/${c.device}`, c);
      for (const { channel, above: one } of await aboveNow(measured, own, { site, region, offset, end }))
        above.set(`${site}/${channel.device}`, [...(above.get(`${site}/${channel.device}`) ?? []), one]);
    }
    for (const [key, { site, device }] of boxes) {
      const city = store.device(device)?.city;
      if (city && !closed) desk.stand("air-warning", { city, site, device }, above.get(key) ?? [], end as Instant);
    }
  };
  const look = async (): Promise<void> => {
    if (going && performance.now() - going.since > longest) {
      const slow = worker;
      worker = undefined;
      await slow?.terminate();
      ended(new Error("it took too long"));
    }
    if (going || looking || closed) return;
    looking = true;
    try {
      const at = now();
      const end = Math.floor((at - settle) / hourSpan) * hourSpan;
      const channels = await store.channels();
      if (end !== lastEnd) {
        lastEnd = end;
        guarded(() => forecasts.forgetSaid(keepSaid));
        for (const channel of channels.filter(isForecast)) tasks.push({ kind: "say", channel, end, now: at });
        for (const channel of channels) if (isScored(channel.metric)) tasks.push({ kind: "score", channel, end });
        await warn(channels, end);
      }
      const task = tasks.length === 0 && end > 0 ? learning(channels, end, at) : undefined;
      if (task) tasks.push(task);
    } catch (error) {
      if (!closed) journal.watchFailed("look", undefined, error);
    } finally {
      looking = false;
    }
    next();
  };
  const clock = setInterval(() => void look(), lookEvery);

  return {
    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(clock);
      const old = worker;
      worker = undefined;
      if (!old) return;
      if (going) {
        await old.terminate();
        return;
      }
      // Held again, or the process might end while the thread is still closing its database.
      old.ref();
      const gone = once(old, "exit");
      old.postMessage("end");
      await gone;
    },
  };
}

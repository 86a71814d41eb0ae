import { apiRoot, StreamMessage } from "@openkerb/contract";
import type { QueryClient } from "@tanstack/react-query";
import { type AlertAnswer, type DeviceAnswer, hubNow, type SiteAnswer } from "./api.ts";
import { type Break, pause } from "./connection.ts";
import { upsert } from "./queue.ts";
import type { Screen } from "./screen.ts";
import { sseParser } from "./sse.ts";

/** Nothing for this long, not even a heartbeat, and the line is dead whatever the network says. */
const silence = 40_000;
/** After this much quiet the hub has nothing more to repeat. */
const quiet = 400;

class StreamBroken extends Error {
  override name = "StreamBroken";
  readonly why: Break;
  readonly status: number;
  constructor(why: Break, status = 0, options?: ErrorOptions) {
    super(why, options);
    this.why = why;
    this.status = status;
  }
}

type Heard = { readonly id: string; readonly message: StreamMessage };
type Open = (lastId: string, signal: AbortSignal) => AsyncIterable<Heard | "opened" | "beat">;

/** One connection to the hub's stream. Runs until it fails, and says why by a StreamBroken; never tries again. */
async function* openStream(lastId: string, signal: AbortSignal): AsyncGenerator<Heard | "opened" | "beat"> {
  const dead = new AbortController();
  const stop = AbortSignal.any([signal, dead.signal]);
  let timer = setTimeout(() => dead.abort(), silence);
  try {
    const answer = await fetch(`${apiRoot}/stream`, {
      headers: { accept: "text/event-stream", ...(lastId === "" ? {} : { "last-event-id": lastId }) },
      credentials: "same-origin",
      cache: "no-store",
      signal: stop,
    });
    if (!answer.ok || !answer.body) throw new StreamBroken("refused", answer.status);
    yield "opened";
    const parse = sseParser(lastId);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new StreamBroken("unreachable");
      clearTimeout(timer);
      timer = setTimeout(() => dead.abort(), silence);
      yield "beat";
      for (const sent of parse(value)) {
        const message = StreamMessage.safeParse(readJson(sent.data));
        // A kind of message this page does not know is for a newer page: it is passed over, its id is not.
        if (message.success) yield { id: sent.id, message: message.data };
      }
    }
  } catch (err) {
    if (err instanceof StreamBroken) throw err;
    throw new StreamBroken(dead.signal.aborted ? "silent" : "unreachable", 0, { cause: err });
  } finally {
    clearTimeout(timer);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type Parts = {
  readonly screen: Screen;
  readonly queries: QueryClient;
  /** Resolves when waiting makes no more sense: the network is back, or a person pressed the button. */
  readonly awake: (signal: AbortSignal) => Promise<void>;
  readonly open?: Open;
  readonly now?: () => number;
};

/**
 * The last stage: the hub's stream becomes what is on the screen. Reconnects for ever, continuing after the last id
 * it heard, so that nothing is missed and nothing is loaded twice.
 */
export async function apiToScreen(parts: Parts, signal: AbortSignal): Promise<void> {
  const { screen, now = hubNow, open = openStream } = parts;
  let lastId = "";
  let heard = now();
  let attempt = 0;
  let first = true;
  while (!signal.aborted) {
    let settle: ReturnType<typeof setTimeout> | undefined;
    try {
      for await (const sign of open(lastId, signal)) {
        heard = now();
        if (sign === "opened") {
          attempt = 0;
          screen.sign({ kind: "opened", at: heard });
          // What was answered before the stream began may have changed in between, and nothing would say so. At the
          // first time the first answers are still on their way: they are let in before they are asked for again.
          if (first) soon(parts.queries, [], 300);
          else void parts.queries.invalidateQueries();
          first = false;
        } else if (sign !== "beat") {
          if (sign.id !== "") lastId = sign.id;
          take(sign.message, parts);
          screen.sign({ kind: "heard", at: heard, made: madeAt(sign.message) });
        }
        clearTimeout(settle);
        settle = setTimeout(() => screen.sign({ kind: "quiet", at: now() }), quiet);
      }
    } catch (err) {
      if (signal.aborted) return;
      if (!(err instanceof StreamBroken)) throw err;
      screen.sign({ kind: "broken", at: now(), heard, why: navigator.onLine ? err.why : "offline" });
      // Logged out elsewhere, or the hub wants a login now: the session knows.
      if (err.status === 401 || err.status === 403) void parts.queries.invalidateQueries({ queryKey: ["session"] });
    } finally {
      clearTimeout(settle);
    }
    const wait = pause(attempt++);
    screen.sign({ kind: "waiting", nextTry: now() + wait });
    await Promise.race([sleep(wait, signal), parts.awake(signal)]);
  }
}

const madeAt = (message: StreamMessage): number | undefined => {
  switch (message.type) {
    case "event":
      return message.stored.received;
    case "alert":
      return message.view.alert.last;
    case "device":
      return message.device.heard;
    case "reset":
      return undefined;
    default:
      return message satisfies never;
  }
};

function take(message: StreamMessage, { screen, queries }: Parts): void {
  switch (message.type) {
    case "event": {
      const { event, site, backfill } = message.stored;
      screen.event(message.stored);
      if (event.kind === "minute-counted") soon(queries, ["counts", site, "minute"], 500);
      if (event.kind === "minute-counted" && backfill) soon(queries, ["counts", site, "hour"], 2000);
      return;
    }
    case "alert": {
      const { view } = message;
      // One list holds every alert whatever its state; the queue sorts them out.
      for (const queue of ["open", "shelved", "closed"])
        queries.setQueryData<AlertAnswer>(["alerts", queue], (list) => list && { alerts: upsert(list.alerts, view) });
      void queries.invalidateQueries({ queryKey: ["alert", view.alert.id] });
      return;
    }
    case "device":
      screen.device(message.device);
      // A box that was never here may have brought a place with it.
      if (!queries.getQueryData<SiteAnswer>(["sites"])?.sites.some((s) => s.device === message.device.device))
        soon(queries, ["sites"], 300);
      queries.setQueryData<DeviceAnswer>(["devices"], (list) => {
        if (!list) return list;
        const at = list.devices.findIndex((d) => d.device === message.device.device);
        return { devices: at < 0 ? [...list.devices, message.device] : list.devices.with(at, message.device) };
      });
      return;
    case "reset":
      void queries.invalidateQueries();
      return;
    default:
      message satisfies never;
  }
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>();
/** Asks anew once things have been still for `ms`, however many reasons came meanwhile. */
function soon(queries: QueryClient, queryKey: readonly string[], ms: number): void {
  const key = queryKey.join(" ");
  if (waiting.has(key)) return;
  waiting.set(
    key,
    setTimeout(() => {
      waiting.delete(key);
      void queries.invalidateQueries({ queryKey });
    }, ms),
  );
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
  });

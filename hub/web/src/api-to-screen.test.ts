import type { StreamMessage } from "@openkerb/contract";
import { QueryClient } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { apiToScreen } from "./api-to-screen.ts";
import { makeScreen } from "./screen.ts";

const view = {
  city: "demo",
  site: "mill-road",
  device: "kerb-01",
  state: "online",
  since: 1,
  stored: 0,
  lost: 0,
  refused: 0,
  missing: 0,
} as unknown as Extract<StreamMessage, { type: "device" }>["device"];

/** A stream that opens, says a message once it is told to, and stays open. */
function watch(queries: QueryClient, message?: Promise<StreamMessage>): AbortController {
  const stop = new AbortController();
  const open = async function* (_: string, signal: AbortSignal) {
    yield "opened" as const;
    if (message) yield { id: "1", message: await message };
    await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
  };
  void apiToScreen(
    { screen: makeScreen((draw) => draw()), queries, awake: () => new Promise(() => {}), open },
    stop.signal,
  );
  return stop;
}

it("asks again for what was answered before the stream began, so that nothing of that moment stays unseen", async () => {
  const queries = new QueryClient();
  let answer = "quiet";
  const ask = () => queries.fetchQuery({ queryKey: ["alerts", "open"], queryFn: () => answer });
  await ask();
  answer = "an alert";
  const stop = watch(queries);
  await vi.waitFor(() => expect(queries.getQueryState(["alerts", "open"])?.isInvalidated).toBe(true));
  stop.abort();
});

it("asks for the places again when a box speaks that none of them has, also when the box itself is known", async () => {
  const queries = new QueryClient();
  queries.setQueryData(["sites"], { sites: [] });
  queries.setQueryData(["devices"], { devices: [view] });
  let speak = (_: StreamMessage): void => {};
  const stop = watch(queries, new Promise((resolve) => (speak = resolve)));
  const asked = () => vi.waitFor(() => expect(queries.getQueryState(["sites"])?.isInvalidated).toBe(true));
  await asked();
  queries.setQueryData(["sites"], { sites: [] });
  expect(queries.getQueryState(["sites"])?.isInvalidated).toBe(false);
  speak({ type: "device", device: view });
  await asked();
  stop.abort();
});

import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { together } from "./together.ts";

const never = (stop: AbortSignal): Promise<void> => sleep(1_000_000, undefined, { signal: stop });

it("stops the others when one fails, and says which failure it was", async () => {
  const ended: string[] = [];
  const running = together(
    new AbortController().signal,
    (stop) => never(stop).finally(() => ended.push("first")),
    (stop) => never(stop).finally(() => ended.push("second")),
    async () => {
      await sleep(1);
      throw new Error("the lamp fell off");
    },
  );
  await expect(running).rejects.toThrow("the lamp fell off");
  expect(ended).toEqual(["first", "second"]);
});

it("ends quietly when told to stop", async () => {
  const stop = new AbortController();
  const running = together(stop.signal, never, never);
  stop.abort();
  await running;
});

it("does not take a failure for obedience when both happen at once", async () => {
  const stop = new AbortController();
  const running = together(stop.signal, async (signal) => {
    await never(signal).catch(() => undefined);
    throw new Error("could not close");
  });
  stop.abort();
  await expect(running).rejects.toThrow("could not close");
});

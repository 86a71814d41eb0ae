import { join } from "node:path";
import { type Instant, millis } from "@openkerb/contract";
import { run } from "@openkerb/hub/commands/hub";
import { expect, it } from "vitest";
import { ask, boxAt, hubIn, madeFolder, until, visitor } from "./hub-bed.ts";

const later = 40 * 86_400_000;

it("a hub that finds its clock forty days ahead deletes nothing, says why, and goes on when a person confirms", async () => {
  await using folder = await madeFolder();
  const eventsAt = async (url: string): Promise<number> =>
    ((await (await visitor(url)).go("/api/v1/events")).body as { events: unknown[] }).events.length;
  {
    await using hub = await hubIn(folder.path, {}, { now: () => (Date.now() - later) as Instant });
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth();
    const at = Date.now() - later;
    await box.tell({ ...box.crossed, at }, { ...box.crossed, at });
    await until(() => expect(box.acked).toBe(2));
    expect((await ask(hub.pageUrl, "/readyz")).body).toEqual({ ready: true, troubles: [] });
  }
  let looks = 0;
  const now = (): Instant => {
    looks++;
    return Date.now() as Instant;
  };
  await using hub = await hubIn(folder.path, {}, { now, sweepEvery: millis(20) });
  const before = looks;
  await until(() => expect(looks).toBeGreaterThan(before + 20));
  expect(await eventsAt(hub.pageUrl)).toBe(2);
  // Everything else works, so nobody is sent elsewhere; but whoever watches over the hub is told.
  expect(await ask(hub.pageUrl, "/readyz")).toMatchObject({
    status: 200,
    body: { ready: true, troubles: [expect.stringMatching(/40 days later.*openkerb hub trust-clock/)] },
  });
  expect((await ask(hub.pageUrl, "/metrics")).text).toContain("openkerb_hub_clock_ahead 1");

  await run(["trust-clock", "--data", join(folder.path, "data")], AbortSignal.timeout(10_000));
  await until(async () => expect(await eventsAt(hub.pageUrl)).toBe(0));
  expect((await ask(hub.pageUrl, "/readyz")).body).toEqual({ ready: true, troubles: [] });
});

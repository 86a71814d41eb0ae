import { expect, it } from "vitest";
import { dice, killing } from "../soak/killing.ts";

it.each([
  ["embedded", { box: 1, hub: 1 }],
  ["mosquitto", { box: 1, hub: 1, broker: 1 }],
] as const)("loses and doubles nothing when box, hub and broker are killed (%s)", async (broker, least) => {
  const outcome = await killing({ broker, kills: 4, events: 1000, rate: 700, random: dice(7) });
  expect(outcome.made).toBeGreaterThanOrEqual(1000);
  expect(outcome).toMatchObject({ stored: outcome.made, lost: 0, twice: 0, wrong: 0, missing: 0 });
  for (const [victim, times] of Object.entries(least))
    expect(outcome.killed[victim as keyof typeof outcome.killed]).toBeGreaterThanOrEqual(times);
});

import { DeviceView } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { checksOf, worst } from "./box-check.ts";

const now = 1_700_000_000_000;
const health = {
  v: 1,
  at: now - 1000,
  uptime: 3_600_000,
  memory: 400e6,
  load: 0.6,
  temperature: 51,
  clockOffset: 3,
  disk: { free: 20e9, total: 32e9 },
  outbox: { depth: 0, lost: 0 },
  cameras: [{ id: "cam", state: "watching", fps: 9.8, dropped: 4, restarts: 0, lastFrame: now - 1100, inference: 38 }],
};
const box = (given: Record<string, unknown> = {}, said: Record<string, unknown> = {}): DeviceView =>
  DeviceView.parse({
    city: "town",
    site: "mill",
    device: "box",
    state: "online",
    since: now - 3_600_000,
    health: { ...health, ...said },
    heard: now - 1000,
    stored: 100,
    lost: 0,
    refused: 0,
    missing: 0,
    ...given,
  });
const lightsOf = (device: DeviceView) =>
  Object.fromEntries(checksOf(device, undefined, now).map((c) => [c.name, c.light]));
const camera = (given: Record<string, unknown>) => ({ cameras: [{ ...health.cameras[0], ...given }] });

describe("the checklist of a box", () => {
  it("is green when all is well", () => expect(worst(checksOf(box(), undefined, now))).toBe("green"));

  it.each([
    ["Link to the hub", "red", box({ state: "lost" })],
    ["Link to the hub", "amber", box({ state: "stopped" })],
    ["Link to the hub", "red", box({ state: "unknown" })],
    ["Link to the hub", "amber", box({ heard: now - 40_000 })],
    ["Link to the hub", "red", box({ heard: now - 130_000 })],
    ["Camera cam", "red", box({}, camera({ state: "dark" }))],
    ["Camera cam", "amber", box({}, camera({ state: "starting" }))],
    ["Camera cam", "amber", box({}, camera({ fps: 1.2 }))],
    ["Camera cam", "red", box({}, camera({ lastFrame: now - 30_000 }))],
    ["Outbox", "green", box({}, { outbox: { depth: 40, oldest: now - 5000, lost: 0 } })],
    ["Outbox", "amber", box({}, { outbox: { depth: 40, oldest: now - 3_600_000, lost: 0 } })],
    ["Outbox", "red", box({}, { outbox: { depth: 0, lost: 3 } })],
    ["Clock", "amber", box({}, { clockOffset: -5000 })],
    ["Clock", "red", box({}, { clockOffset: 90_000 })],
    ["Clock", "grey", box({}, { clockOffset: undefined })],
    ["Disk", "amber", box({}, { disk: { free: 3e9, total: 32e9 } })],
    ["Disk", "red", box({}, { disk: { free: 1e8, total: 1e9 } })],
    ["Temperature", "amber", box({}, { temperature: 78 })],
    ["Temperature", "red", box({}, { temperature: 88 })],
    ["Memory", "amber", box({}, { memory: 4e9 })],
    ["Data at the hub", "amber", box({ missing: 2 })],
    ["Data at the hub", "amber", box({ refused: 2 })],
    ["Data at the hub", "amber", box({ lost: 2 })],
  ])("%s is %s", (name, light, device) => expect(lightsOf(device)[name]).toBe(light));

  it("says what to do wherever it is not green, and never that all is well on old news", () => {
    const bad = [
      box({ state: "lost" }, { temperature: 90, clockOffset: 1e6, disk: { free: 0, total: 1e9 } }),
      box({ state: "stopped" }),
      box({ refused: 1 }, camera({ state: "login-refused" })),
    ];
    for (const device of bad) {
      const checks = checksOf(device, undefined, now);
      for (const c of checks) if (c.light === "red" || c.light === "amber") expect(c.next, c.name).toMatch(/[.)]$/);
    }
    expect(Object.values(lightsOf(box({ state: "lost" }))).filter((l) => l === "green")).toEqual([]);
  });

  it("does not call a good camera old because the box's clock is wrong", () => {
    const wrong = now - 86_400_000;
    expect(lightsOf(box({}, { at: wrong, ...camera({ lastFrame: wrong - 100 }) }))["Camera cam"]).toBe("green");
  });
});

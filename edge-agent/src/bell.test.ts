import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { bell } from "./bell.ts";

const rests = Symbol("still waiting");
const soon = (waiting: Promise<void>) => Promise.race([waiting, new Promise((go) => setTimeout(() => go(rests), 20))]);

it("a bell wakes who waits, once for all rings before, and rests afterwards", async () => {
  const door = bell();
  door.ring();
  door.ring();
  expect(await soon(door.heard())).toBeUndefined();
  const waiting = door.heard();
  expect(await soon(waiting)).toBe(rests);
  door.ring();
  expect(await soon(waiting)).toBeUndefined();
  expect(await soon(door.heard())).toBe(rests);
});

it("nobody waits longer than the time or the signal says, and nothing is left behind on the signal", async () => {
  const [door, stop] = [bell(), new AbortController()];
  await door.heard(stop.signal, 1);
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  const waiting = door.heard(stop.signal);
  stop.abort();
  expect(await soon(waiting)).toBeUndefined();
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  expect(await soon(door.heard(stop.signal))).toBeUndefined();
});

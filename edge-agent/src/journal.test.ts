import { type CameraId, millis } from "@openkerb/contract";
import pino from "pino";
import { expect, it } from "vitest";
import { forPeople, journal } from "./journal.ts";
import { HubError } from "./uplink/hub-error.ts";

const written = (say: (to: ReturnType<typeof journal>) => void, people = false): string[] => {
  const lines: string[] = [];
  const out = { write: (line: string) => lines.push(line) > 0 };
  say(journal(pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, people ? forPeople(out) : out)));
  return lines;
};

it("writes one JSON line an event", () => {
  const [line, ...others] = written((to) => to.cameraTroubled("north" as CameraId, "stalled", true, "no pictures"));
  expect(others).toEqual([]);
  expect(JSON.parse(line ?? "")).toMatchObject({
    level: 40,
    event: "camera-troubled",
    camera: "north",
    trouble: "stalled",
    why: "no pictures",
  });
});

it("writes a line for people on a terminal", () => {
  const [line] = written((to) => to.cameraTroubled("north" as CameraId, "stalled", true, "no pictures"), true);
  expect(line).toMatch(/^\d\d:\d\d:\d\d warn {2}camera-troubled camera=north trouble=stalled why="no pictures"\n$/);
  const [calm] = written((to) => to.hubConnected(7), true);
  expect(calm).toMatch(/^\d\d:\d\d:\d\d {7}hub-connected session=7\n$/);
});

it("does not tell what an error carries along", () => {
  const cause = Object.assign(new Error("connect mqtt://box:geheim@hub"), { password: "geheim" });
  const [line] = written((to) => to.hubLost(new HubError("lost", "the line broke", { cause }), millis(500)));
  expect(line).toContain("the line broke");
  expect(line).not.toContain("geheim");
});

import { describe, expect, it } from "vitest";
import { type Connection, pause, type Sign, step } from "./connection.ts";

const go = (...signs: Sign[]): Connection => signs.reduce<Connection>(step, { state: "connecting" });

describe("the connection", () => {
  it("is live when the hub has nothing more to repeat", () => {
    const broken: Sign = { kind: "broken", at: 900, heard: 500, why: "unreachable" };
    const opened: Sign = { kind: "opened", at: 1000 };
    const run = (...signs: Sign[]) => go(broken, ...signs);
    expect(run(opened)).toEqual({ state: "catching-up", since: 1000 });
    expect(run(opened, { kind: "heard", at: 60_000, made: 2000 }).state).toBe("catching-up");
    expect(run(opened, { kind: "heard", at: 60_000, made: undefined }).state).toBe("catching-up");
    expect(run(opened, { kind: "heard", at: 60_000, made: 59_000 }).state).toBe("live");
    expect(run(opened, { kind: "quiet", at: 60_000 }).state).toBe("live");
  });

  it("has nothing to catch up on when the page has just been opened", () => {
    expect(go({ kind: "opened", at: 1 })).toEqual({ state: "connecting" });
    expect(go({ kind: "opened", at: 1 }, { kind: "quiet", at: 2 })).toEqual({ state: "live" });
  });

  it("is stale since it last heard anything, however often it tries again", () => {
    const state = go(
      { kind: "opened", at: 1 },
      { kind: "quiet", at: 2 },
      { kind: "broken", at: 900, heard: 500, why: "unreachable" },
      { kind: "waiting", nextTry: 1000 },
      { kind: "broken", at: 1100, heard: 1050, why: "offline" },
    );
    expect(state).toEqual({ state: "stale", since: 500, why: "offline", nextTry: undefined });
  });

  it("waits longer after each failure but never longer than it takes to lose patience", () => {
    expect(pause(0, () => 1)).toBe(700);
    expect(pause(30, () => 1)).toBe(8200);
    expect(pause(30, () => 0)).toBe(200);
  });
});

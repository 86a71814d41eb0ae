import { describe, expect, it } from "vitest";
import { t } from "../alert/made-alerts.ts";
import { openDatabase } from "./database.ts";
import { sessionTable } from "./session-table.ts";

const hour = 3600;

describe("sessions", () => {
  it("open with a token that is kept nowhere", () => {
    const database = openDatabase({ memory: true });
    const sessions = sessionTable(database);
    const token = sessions.open("ann", "hash", t(0));
    expect(sessions.find(token, t(1))).toEqual({ person: "ann", login: "hash" });
    expect(sessions.find(`${token}x`, t(1))).toBeUndefined();
    expect(JSON.stringify(database.prepare("SELECT * FROM sessions").all())).not.toContain(token);
    expect(database.prepare("SELECT person, did FROM person_actions").all()).toEqual([
      { person: "ann", did: "log-in" },
    ]);
  });

  it("end after twelve hours without a word, and after a week in any case", () => {
    const sessions = sessionTable(openDatabase({ memory: true }));
    const idle = sessions.open("ann", "hash", t(0));
    expect(sessions.find(idle, t(12 * hour))).toBeDefined();
    expect(sessions.find(idle, t(24 * hour + 1))).toBeUndefined();
    const busy = sessions.open("ann", "hash", t(0));
    for (let h = 0; h <= 168; h += 11) expect(sessions.find(busy, t(h * hour))).toBeDefined();
    expect(sessions.find(busy, t(168 * hour + 1))).toBeUndefined();
  });

  it("are gone when closed, and old ones are swept out", () => {
    const database = openDatabase({ memory: true });
    const sessions = sessionTable(database);
    const token = sessions.open("ann", "hash", t(0));
    sessions.close(token);
    expect(sessions.find(token, t(1))).toBeUndefined();
    sessions.open("bob", "hash", t(0));
    sessions.open("bob", "hash", t(200 * hour));
    expect(database.prepare("SELECT count(*) AS n FROM sessions").get()).toEqual({ n: 1 });
  });

  it("keep a key of the hub once it is made", () => {
    const sessions = sessionTable(openDatabase({ memory: true }));
    expect(sessions.key("csrf")).toEqual(sessions.key("csrf"));
    expect(sessions.key("csrf")).not.toEqual(sessions.key("feed"));
  });
});

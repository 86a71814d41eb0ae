import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { AirAudit, CorrectionList, type Instant, ReviewList } from "@openkerb/contract";
import { expect, it, onTestFinished } from "vitest";
import { correct } from "../../hub/src/air/correction.ts";
import { calm, hour, minute, minutesOf, qualityOf, takeIn } from "../../hub/src/quality/trial-readings.ts";
import { openReading } from "../../hub/src/store/database.ts";
import { openStore, type SqliteStore } from "../../hub/src/store/sqlite-store.ts";
import { dice } from "../soak/killing.ts";
import { madeFolder, until, visitor } from "./hub-bed.ts";

const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));
const hours = 96;
const id = "epa-2021-atm@1";

/** Four days of dust with something to doubt every two hours, and the humidity that its correction needs. */
function fill(store: SqliteStore, first: number): void {
  const leaf = (at: number, i: number): number => (i % 120 >= 50 && i % 120 < 58 ? 1500 + (i % 8) : calm(at));
  takeIn(store, minutesOf(first, hours * 60, leaf));
  takeIn(
    store,
    minutesOf(first, hours * 60, (at) => 40 + ((at / hour) % 7), { metric: "humidity", unit: "%" }),
  );
}

/** A hub as a person starts it; resolves when its page listens. */
async function hubOf(folder: string): Promise<{ child: ChildProcess; url: string; gone: Promise<unknown> }> {
  const child = spawn(process.execPath, [openkerb, "hub", "--config", "hub.yaml"], {
    cwd: folder,
    env: { ...process.env, OPENKERB_HOME: join(folder, "home") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const gone = once(child, "close");
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.includes('"event":"page-listening"')) continue;
    child.stdout!.resume();
    return { child, url: JSON.parse(line).url, gone };
  }
  throw new Error("the hub ended before its page listened");
}

const dump = (store: SqliteStore, table: string, where = "1"): unknown[] =>
  store.database.prepare(`SELECT * FROM ${table} WHERE ${where} ORDER BY 1, 2`).all();
/** What the tests say of every minute of a channel. */
const tested = (store: SqliteStore, channel: number): Map<number, number> => {
  const said = new Map<number, number>();
  const ranges = dump(store, "flag_ranges", `channel = ${channel} AND decision = 0`);
  for (const { start, stop, flag } of ranges as { start: number; stop: number; flag: number }[])
    for (let at = start; at < stop; at += minute) said.set(at, flag);
  return said;
};

it("flags, decisions, audit and corrected hours are whole when the hub is killed while it tests, corrects and an officer decides", {
  timeout: 240_000,
}, async () => {
  await using folder = await madeFolder();
  const random = dice(11);
  const first = Math.floor(Date.now() / hour) * hour - (hours + 2) * hour;
  await mkdir(join(folder.path, "data"), { recursive: true });
  {
    await using store = openStore({ folder: join(folder.path, "data") });
    fill(store, first);
  }
  await writeFile(
    join(folder.path, "hub.yaml"),
    "version: 1\ncity: demo\ndata: data\npage: { port: 0 }\nbroker: { kind: embedded, port: 0 }\n",
  );

  /** Decisions that the hub confirmed, by item; those it was killed over may be taken or not. */
  const confirmed = new Map<number, 1 | 4>();
  const asked = new Map<number, Set<1 | 4>>();
  let applied = 0;
  let killed = 0;
  for (let life = 0; life < 5; life++) {
    const hub = await hubOf(folder.path);
    // The first two lives end anywhere; the others soon after there is something to decide, or when all is decided.
    let kill: NodeJS.Timeout | undefined;
    const end = (within: number): void => {
      kill ??= setTimeout(() => hub.child.kill("SIGKILL"), random() * within);
    };
    if (life < 2) end(3000);
    const latest = setTimeout(end, 4000, 500);
    let alive = true;
    hub.gone.then(() => {
      alive = false;
    });
    let officer: Awaited<ReturnType<typeof visitor>> | undefined;
    while (alive)
      try {
        officer ??= await visitor(hub.url);
        if (life >= 1) {
          const channel = 1;
          const body = { channel, correction: { id }, from: first, reason: "as the protocol says" };
          const { status } = await officer.post("/api/v1/air/corrections", body);
          if (status === 200) applied++;
        }
        const { items } = ReviewList.parse((await officer.go("/api/v1/air/review?state=open&limit=20")).body);
        if (items.length > 0) end(800);
        for (const item of items.slice(0, 3)) {
          const flag = random() < 0.5 ? 1 : 4;
          asked.set(item.id, (asked.get(item.id) ?? new Set()).add(flag));
          const body = { do: "override", flag, reason: "as the diary says", seen: item.to };
          const { status } = await officer.post(`/api/v1/air/review/${item.id}`, body);
          if (status === 200) confirmed.set(item.id, flag);
        }
      } catch {
        // It was killed over this question.
      }
    clearTimeout(kill);
    clearTimeout(latest);
    await hub.gone;
    killed++;
  }
  expect(killed).toBe(5);

  const last = await hubOf(folder.path);
  const officer = await visitor(last.url);
  if (applied === 0) {
    const body = { channel: 1, correction: { id }, from: first, reason: "as the protocol says" };
    const { status } = await officer.post("/api/v1/air/corrections", body);
    expect([200, 409]).toContain(status);
  }
  const listed = await officer.go("/api/v1/air/audit?limit=500");
  const audit = AirAudit.parse(listed.body).entries;
  expect(audit.filter((e) => e.action === "correction-applied")).toHaveLength(1);
  await until(async () => {
    const { uses } = CorrectionList.parse((await officer.go("/api/v1/air/corrections?channel=1")).body);
    expect(uses.map((u) => [u.correction, u.making])).toEqual([[id, undefined]]);
  }, 60_000);
  await until(() => {
    const database = openReading(join(folder.path, "data"));
    try {
      expect(database.prepare("SELECT count(*) FROM quality_waiting").pluck().get()).toBe(0);
    } finally {
      database.close();
    }
  }, 90_000);
  last.child.kill("SIGTERM");
  await last.gone;

  await using store = openStore({ folder: join(folder.path, "data") });
  await using undisturbed = openStore({ memory: true });
  fill(undisturbed, first);
  await qualityOf(undisturbed).test(Date.now());
  expect(tested(store, 1)).toEqual(tested(undisturbed, 1));
  expect(tested(store, 1).size).toBeGreaterThan(40 * 8);

  // Each decision once: its item, its line in the audit log and its flags, or none of them.
  const lines = dump(store, "air_audit", "item IS NOT NULL") as { id: number; item: number }[];
  const decided = (dump(store, "review_items", "state != 'open'") as { id: number; decision: string }[]).map((i) => ({
    ...i,
    flag: JSON.parse(i.decision).flag as 1 | 4,
  }));
  expect(lines.map((l) => l.item).sort()).toEqual(decided.map((i) => i.id).sort());
  for (const [item, flag] of confirmed) expect(decided.find((i) => i.id === item)?.flag).toBe(flag);
  for (const { id: item, flag } of decided) expect(asked.get(item)?.has(flag)).toBe(true);
  expect(
    new Set((dump(store, "flag_ranges", "decision > 0") as { decision: number }[]).map((r) => r.decision)),
  ).toEqual(new Set(lines.map((l) => l.id)));
  expect(confirmed.size).toBeGreaterThan(0);

  // Hours and days are what their readings and flags make of them, and corrected hours what those make.
  const rollups = () =>
    ["hour_rollups", "day_rollups"].map((table) =>
      // Sums of the same numbers in another order differ in their last digit.
      (dump(store, table) as { total: number }[]).map((row) => ({ ...row, total: row.total.toPrecision(12) })),
    );
  const before = rollups();
  for (const { id: channel, metric } of (await store.channels()).filter((c) => c.correction === undefined))
    store.care.recompute(
      channel,
      metric,
      Array.from({ length: hours }, (_, i) => first + i * hour),
      "officer",
    );
  expect(rollups()).toEqual(before);
  const made = (await store.channels()).find((c) => c.correction === id)?.id ?? 0;
  const of = (channel: number) => store.rollups(channel, "hour", 0 as Instant, (Date.now() + hour) as Instant);
  const humidity = new Map((await of(2)).map((h) => [h.from, h.mean ?? 0]));
  const wanted = (await of(1)).map((h) => {
    const value = correct(id, { channel: "atm", value: h.mean ?? Number.NaN, humidity: humidity.get(h.from) ?? 0 });
    return [h.from, value.kind === "value" ? value.value.toFixed(6) : undefined];
  });
  expect((await of(made)).map((h) => [h.from, h.mean?.toFixed(6)])).toEqual(wanted);
  expect(wanted).toHaveLength(hours);
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import { calm, day, hour, minute, minutesOf, qualityOf, reading, start, takeIn } from "./trial-readings.ts";

const noon = start + 12 * hour;
const late = (start + 10 * day) as Instant;
const between = { from: 0 as Instant, to: (start + 500 * day) as Instant };
const raw = (store: SqliteStore, channel = 1) =>
  store.readings({ channel, ...between, limit: 100_000, skip: 0, newestFirst: false });
const items = ({ quality }: ReturnType<typeof qualityOf>) =>
  quality.review.items.list({ state: "all", limit: 1000 }).map(({ id, from, to, flag, readings, state, tests }) => ({
    ...{ id, flag, readings, state },
    from: (from - noon) / minute,
    to: (to - noon) / minute,
    tests: tests.map((t) => `${t.test} ${t.flag} ${t.readings}`),
  }));

describe("quality control", () => {
  it("finds what is wrong by itself, tells which tests spoke, and leaves what is right alone", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    // Two days with a single spike, twenty minutes beyond the usual, and a sensor stuck for a day.
    const value = (at: number) =>
      at === noon + 30 * minute
        ? 400
        : at >= noon + hour && at < noon + hour + 20 * minute
          ? 1500 + calm(at)
          : at >= start + 16 * hour && at < start + 40 * hour
            ? 17.3
            : calm(at);
    takeIn(store, minutesOf(start, 2880, value));
    await bed.test(start + 3 * day);
    const found = items(bed);
    expect(found).toMatchObject([
      { from: (4 + 12) * 60, flag: 3, state: "open", tests: ["flat_line 3 720", "attenuated_signal 3 60"] },
      { from: 60, flag: 4, readings: 21 },
      { from: 30, to: 32, flag: 3, readings: 2, tests: ["rate_of_change 3 2", "spike 3 1"] },
    ]);
    expect(found[1]?.tests.join()).toContain("gross_range 3 20");
    const flags = await raw(store);
    expect(flags).toHaveLength(2880);
    expect(flags.every((r) => r.device === 1)).toBe(true);
    expect(flags.filter((r) => r.quality !== 1).length).toBe(found.reduce((sum, i) => sum + i.readings, 0));
    expect(store.care.waiting.count()).toBe(0);
  });

  it("waits until an hour is over, and grows an item while it goes on", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    const stuck = (from: number, hours: number) => minutesOf(from, hours * 60, (at) => 1700 + calm(at));
    takeIn(store, stuck(noon, 1));
    await bed.test(noon + 65 * minute);
    expect(items(bed)).toEqual([]);
    await bed.test(noon + 71 * minute);
    expect(items(bed)).toMatchObject([{ id: 1, from: 0, to: 60, readings: 60 }]);
    takeIn(store, stuck(noon + hour, 3));
    await bed.test(noon + 5 * hour);
    expect(items(bed)).toMatchObject([{ id: 1, from: 0, to: 240, readings: 240 }]);
    takeIn(store, stuck(noon + 5 * hour, 1));
    await bed.test(noon + 7 * hour);
    expect(items(bed).map((i) => [i.id, i.from, i.to])).toEqual([
      [2, 300, 360],
      [1, 0, 240],
    ]);
    // What was missing comes in late: one stretch is one item.
    takeIn(store, stuck(noon + 4 * hour, 1));
    await bed.test(noon + 8 * hour);
    expect(items(bed)).toMatchObject([{ id: 1, from: 0, to: 360, readings: 360 }]);
  });

  it("comes to the same however often, in whatever order and after whatever restarts it looks", async () => {
    const folder = await mkdtemp(join(tmpdir(), "openkerb-quality-"));
    try {
      const value = (at: number) => (Math.floor(at / (37 * minute)) % 9 === 0 ? 1200 : calm(at));
      const list = minutesOf(start, 2880, value);
      const plain = async () => {
        await using store = openStore({ memory: true });
        takeIn(store, list);
        const bed = qualityOf(store);
        await bed.test(late);
        await bed.test(late);
        return { found: items(bed), hours: await store.rollups(1, "hour", between.from, between.to) };
      };
      const once = await plain();
      expect(once.found.length).toBeGreaterThan(5);
      const pieces = [list.slice(2000), list.slice(0, 700), list.slice(1400, 2000), list.slice(700, 1400)];
      for (const piece of pieces) {
        await using store = openStore({ folder });
        takeIn(store, piece);
        await qualityOf(store).test(late);
      }
      await using store = openStore({ folder });
      store.database.exec("INSERT OR IGNORE INTO quality_waiting SELECT id, 1 FROM hour_rollups");
      const bed = qualityOf(store);
      await bed.test(late);
      const bare = (all: typeof once.found) => all.map(({ id: _, ...rest }) => rest);
      expect(bare(items(bed))).toEqual(bare(once.found));
      const hours = await store.rollups(1, "hour", between.from, between.to);
      expect(hours.map((h) => [h.from, h.flags, h.mean?.toFixed(8)])).toEqual(
        once.hours.map((h) => [h.from, h.flags, h.mean?.toFixed(8)]),
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it("compares with neighbours within reach, with a second sensor, and sees a sensor drift away", async () => {
    await using store = openStore({ memory: true });
    const places = { street: [0, 0], mill: [0.01, 0], park: [0, 0.01], far: [1, 1] } as const;
    const bed = qualityOf(
      store,
      Object.fromEntries(
        Object.entries(places).map(([site, [latitude, longitude]]) => [site, { latitude, longitude }]),
      ),
    );
    const hourly = (days: number, of: (at: number) => number, more = {}) =>
      Array.from({ length: days * 24 }, (_, i) => start + i * hour).map((at) =>
        reading({ at, value: of(at), averaging: hour as never, ...more }),
      );
    const bump = (at: number) => (at === noon ? 200 : 0);
    takeIn(
      store,
      hourly(30, (at) => calm(at) + bump(at)),
      { device: "box-1", site: "street" },
    );
    takeIn(
      store,
      hourly(30, (at) => calm(at) + 1),
      { device: "box-2", site: "mill" },
    );
    takeIn(
      store,
      hourly(30, (at) => calm(at) - 1 + Math.max(0, (at - start) / day - 12) * 2),
      { device: "box-3", site: "park" },
    );
    takeIn(
      store,
      hourly(2, (at) => calm(at) + 500),
      { device: "box-4", site: "far" },
    );
    takeIn(
      store,
      hourly(2, (at) => calm(at) * 3 + 10, { sensor: "second" }),
      { device: "box-2", site: "mill" },
    );
    await bed.test(start + 60 * day);
    const channels = await store.channels();
    const tests = bed.quality.review.items.list({ state: "open", limit: 1000 }).flatMap(({ channel, tests }) => {
      const { site, sensor } = channels.find((c) => c.id === channel) ?? {};
      return tests.map((t) => `${site} ${sensor} ${t.test}`);
    });
    expect(tests).toContain("street air neighbours");
    expect(tests).toContain("park air drift");
    expect(tests).toContain("mill air channel_pair");
    expect(tests.filter((t) => t.startsWith("far"))).toEqual([]);
    expect(tests).not.toContain("street air drift");
  });

  it("judges the drift of later days anew when a day comes in late, of a sensor and of its neighbours", async () => {
    const places = { street: [0, 0], mill: [0.01, 0], park: [0, 0.01] } as const;
    const positions = Object.fromEntries(
      Object.entries(places).map(([site, [latitude, longitude]]) => [site, { latitude, longitude }]),
    );
    const hourly = (from: number, days: number, of: (at: number) => number) =>
      Array.from({ length: days * 24 }, (_, i) => start + from * day + i * hour).map((at) =>
        reading({ at, value: of(at), averaging: hour as never }),
      );
    const drifting = (at: number) => calm(at) - 1 + Math.max(0, (at - start) / day - 12) * 2;
    const told = async (parts: readonly (readonly [string, number, number, (at: number) => number])[]) => {
      const store = openStore({ memory: true });
      const bed = qualityOf(store, positions);
      for (const [site, from, days, of] of parts) {
        takeIn(store, hourly(from, days, of), { device: `box-${site}`, site });
        await bed.test(start + 30 * day);
      }
      const ids = new Map((await store.channels()).map(({ id, site }) => [id, site]));
      const rows = store.database
        .prepare<[], { channel: number; start: number; tests: string }>(
          "SELECT channel, start, tests FROM doubts WHERE tests LIKE '%drift%'",
        )
        .all();
      await store[Symbol.asyncDispose]();
      return new Set(rows.map((r) => `${ids.get(r.channel)} ${Math.floor((r.start - start) / day)}`));
    };
    const whole = await told([
      ["street", 0, 30, calm],
      ["mill", 0, 30, calm],
      ["park", 0, 30, drifting],
    ]);
    expect(whole.size).toBeGreaterThan(3);
    // The first week of the one that drifts comes last: before that, its drift had nothing to be told from.
    const late = await told([
      ["street", 0, 30, calm],
      ["mill", 0, 30, calm],
      ["park", 14, 16, drifting],
      ["park", 0, 14, drifting],
    ]);
    expect([...late].sort()).toEqual([...whole].sort());
    // A neighbour without which there is nobody to compare with comes last.
    const neighbour = await told([
      ["street", 0, 30, calm],
      ["park", 0, 30, drifting],
      ["mill", 0, 30, calm],
    ]);
    expect([...neighbour].sort()).toEqual([...whole].sort());
  });

  it("holds the thread of the flow only for moments, however much waits", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    const second = { averaging: 1000 as never };
    const list = Array.from({ length: 5 * 3600 }, (_, i) =>
      reading({ at: noon + i * 1000, value: i % 3 === 0 ? 1500 : calm(noon + i * 1000), ...second }),
    );
    takeIn(store, list);
    let most = 0;
    const { take } = bed.quality.review;
    Object.assign(bed.quality.review, {
      take(...tested: Parameters<typeof take>) {
        most = Math.max(
          most,
          tested[0].hours.reduce((sum, h) => sum + h.count, 0),
        );
        take(...tested);
      },
    });
    await bed.test(late);
    expect(store.care.waiting.count()).toBe(0);
    // What comes faster is judged by the minute: five hours of nothing but flicker are one doubt.
    expect(items(bed)).toMatchObject([{ from: 0, to: 300, flag: 4, readings: 5 * 3600 }]);
    // Never more than an hour at once where an hour is much.
    expect(most).toBe(3600);
  });
});

describe("readings that come in while their hour is being tested", () => {
  it("are not overlooked: the hour is tested once more", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    takeIn(store, minutesOf(noon, 30));
    const { ask } = store;
    let asked = 0;
    const meanwhile: typeof ask = async (...question) => {
      const answer = await ask(...question);
      if (asked++ === 0)
        takeIn(
          store,
          minutesOf(noon + 30 * minute, 30, (at) => 1300 + calm(at)),
        );
      return answer;
    };
    Object.assign(store, { ask: meanwhile });
    await bed.test(late);
    expect(asked).toBeGreaterThan(1);
    expect(items(bed)).toMatchObject([{ from: 30, to: 60, readings: 30 }]);
    expect(store.care.waiting.count()).toBe(0);
  });
});

describe("tests that cannot be written down", () => {
  it("stay to be done, nothing of them counts, and they are done when there is room again", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    takeIn(
      store,
      minutesOf(start, 1440, (at) => (at >= noon && at < noon + hour ? 1200 + calm(at) : calm(at))),
    );
    const before = await store.rollups(1, "hour", between.from, between.to);
    store.database.exec("CREATE TRIGGER full BEFORE INSERT ON review_items BEGIN SELECT raise(ABORT, 'no room'); END");
    await expect(bed.test(late)).rejects.toThrow(/store failed/);
    expect(items(bed)).toEqual([]);
    expect(await store.rollups(1, "hour", between.from, between.to)).toEqual(before);
    expect((await raw(store)).every((r) => r.quality === 1)).toBe(true);
    // What comes in meanwhile is not flagged by what was never written.
    expect(store.care.flagOf(1, noon, 1)).toBe(1);
    store.database.exec("DROP TRIGGER full");
    await bed.test(late);
    expect(items(bed)).toMatchObject([{ from: 0, readings: 61 }]);
    expect(store.care.flagOf(1, noon, 1)).toBe(3);
    expect(store.care.waiting.count()).toBe(0);
  });
});

describe("an officer's decision", () => {
  const doubted = async (store: SqliteStore) => {
    const bed = qualityOf(store);
    takeIn(
      store,
      minutesOf(start, 1440, (at) => (at >= noon && at < noon + 30 * minute ? 1200 : calm(at))),
    );
    await bed.test(late);
    const [item] = bed.quality.review.items.list({ state: "open", limit: 10 });
    if (!item) throw new Error("nothing was doubted");
    return { bed, item, channel: await bed.channel() };
  };
  const failed = { do: "override", flag: 4, reason: "the inlet was wet" } as const;

  it("counts in readings, hours and days, and leaves value and device flag as they are", async () => {
    await using store = openStore({ memory: true });
    const { bed, item, channel } = await doubted(store);
    const before = await raw(store);
    expect(bed.quality.review.decide(item.id, failed, channel, late, "olga")).toEqual({ kind: "done" });
    const after = await raw(store);
    expect(after.map(({ quality: _, ...r }) => r)).toEqual(before.map(({ quality: _, ...r }) => r));
    const inside = after.filter((r) => r.at >= item.from && r.at < item.to);
    expect(inside.every((r) => r.quality === 4)).toBe(true);
    const [hourAfter] = await store.rollups(1, "hour", noon as Instant, (noon + hour) as Instant);
    const rest = after.filter((r) => r.at >= noon && r.at < noon + hour && r.quality < 4);
    expect(hourAfter?.flags["4"]).toBe(60 - rest.length);
    expect(hourAfter?.mean).toBeCloseTo(rest.reduce((sum, r) => sum + r.value, 0) / rest.length, 8);
    const [dayAfter] = await store.rollups(1, "day", start as Instant, (start + day) as Instant);
    expect(dayAfter?.flags).toEqual({ "1": 1440 - inside.length, "2": 0, "3": 0, "4": inside.length, "9": 0 });
    expect(dayAfter?.max).toBeLessThan(100);
    // Nothing of it is undone by another look.
    store.database.exec("INSERT OR IGNORE INTO quality_waiting SELECT id, 1 FROM hour_rollups");
    await bed.test(late);
    expect((await raw(store)).map((r) => r.quality)).toEqual(after.map((r) => r.quality));
    expect(items(bed)).toHaveLength(1);
  });

  it("is written down with its reason, without what points at a person, before it counts", async () => {
    await using store = openStore({ memory: true });
    const { bed, item, channel } = await doubted(store);
    const reason = "Call Ms Miller, +49 170 1234567";
    bed.quality.review.decide(item.id, { ...failed, reason }, channel, late, "olga");
    expect(bed.quality.review.items.history(item.id)).toMatchObject([
      {
        by: "olga",
        action: "review-overridden",
        channel: 1,
        from: item.from,
        to: item.to,
        reason: "Call Ms Miller, ***",
      },
    ]);
    expect(bed.quality.review.items.item(item.id)).toMatchObject({
      state: "overridden",
      decision: { flag: 4, by: "olga" },
    });
    expect(() => store.database.exec("DELETE FROM air_audit")).toThrow(/only ever added/);
    expect(() => store.database.exec("UPDATE air_audit SET by = 'x'")).toThrow(/only ever added/);
  });

  it("stands: the second officer is told what the first decided, and nothing changes", async () => {
    await using store = openStore({ memory: true });
    const { bed, item, channel } = await doubted(store);
    bed.quality.review.decide(item.id, failed, channel, late, "olga");
    const second = bed.quality.review.decide(item.id, { do: "accept" }, channel, late, "otto");
    expect(second).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/^olga decided .* bad: the inlet was wet$/),
    });
    expect(bed.quality.review.items.history(item.id)).toHaveLength(1);
    expect(bed.quality.review.decide(99, failed, channel, late, "otto")).toEqual({ kind: "unknown" });
  });

  it("is only about what the officer saw: a doubt that has gone on since is not decided", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    const bad = (from: number) => minutesOf(from, 60, (at) => 1300 + calm(at));
    takeIn(store, bad(noon));
    await bed.test(late);
    const [item] = bed.quality.review.items.list({ state: "open", limit: 5 });
    const { id = 0, to } = item ?? {};
    takeIn(store, bad(noon + hour));
    await bed.test(late);
    const channel = await bed.channel();
    const decide = (seen: Instant | undefined) =>
      bed.quality.review.decide(id, { ...failed, seen }, channel, late, "olga").kind;
    expect(decide(to)).toBe("changed");
    expect(bed.quality.review.items.history(id)).toEqual([]);
    expect(decide(bed.quality.review.items.item(id)?.to)).toBe("done");
  });

  it("also holds for readings that come in later, while the time around it is tested as ever", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    const value = (at: number) => (at >= noon && at < noon + 30 * minute ? 1200 : calm(at));
    const hole = (at: number) => (at >= noon + 10 * minute && at < noon + 15 * minute ? undefined : value(at));
    takeIn(store, minutesOf(start, 1440, hole));
    await bed.test(late);
    const channel = await bed.channel();
    const [item] = bed.quality.review.items.list({ state: "open", limit: 10 });
    bed.quality.review.decide(item?.id ?? 0, failed, channel, late, "olga");
    const bad = async () => (await store.rollups(1, "hour", noon as Instant, (noon + hour) as Instant))[0]?.flags["4"];
    const before = (await bad()) ?? 0;
    takeIn(store, minutesOf(noon + 10 * minute, 5, value));
    expect(await bad()).toBe(before + 5);
    await bed.test(late);
    expect(await bad()).toBe(before + 5);
    expect(items(bed)).toMatchObject([{ state: "overridden" }]);
    // The doubt begins anew right after what was decided.
    takeIn(
      store,
      minutesOf(start + day, 60, (at) => 1300 + calm(at)),
    );
    await bed.test(late);
    expect(items(bed)).toMatchObject([
      { state: "open" },
      { id: item?.id, state: "overridden", readings: item?.readings },
    ]);
  });

  it("is refused in words when the single readings are gone, and an accept of them is not", async () => {
    await using store = openStore({ memory: true });
    const { bed, item, channel } = await doubted(store);
    const before = await store.rollups(1, "hour", between.from, between.to);
    const keep = (start + 300 * day) as Instant;
    while (store.prune({ events: 0 as Instant, minutes: 0 as Instant, readings: keep }));
    expect(await raw(store)).toEqual([]);
    expect(bed.quality.review.decide(item.id, failed, channel, late, "olga")).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("deleted"),
    });
    expect(bed.quality.review.items.history(item.id)).toEqual([]);
    store.database.exec("INSERT OR IGNORE INTO quality_waiting SELECT id, 1 FROM hour_rollups");
    await bed.test(late);
    expect(await store.rollups(1, "hour", between.from, between.to)).toEqual(before);
    expect(items(bed)).toMatchObject([{ id: item.id, state: "open" }]);
    expect(bed.quality.review.decide(item.id, { do: "accept" }, channel, late, "olga")).toEqual({ kind: "done" });
    expect(await store.rollups(1, "hour", between.from, between.to)).toEqual(before);
  });

  it("stands for values only when no doubt is open, and may be withdrawn once", async () => {
    await using store = openStore({ memory: true });
    const { bed, item, channel } = await doubted(store);
    const { review } = bed.quality;
    const all = { channel: 1, from: start as Instant, to: (start + day) as Instant, reason: "looked at it" };
    expect(review.validate(all, channel, late, "olga")).toMatchObject({ kind: "refused" });
    review.decide(item.id, { do: "accept" }, channel, late, "olga");
    expect(review.validate(all, channel, late, "olga")).toEqual({ kind: "done" });
    const empty = { ...all, from: 0 as Instant, to: 1000 as Instant };
    expect(review.validate(empty, channel, late, "olga")).toMatchObject({
      why: expect.stringContaining("nothing was measured"),
    });
    expect(review.validate({ ...all, to: (late + 1) as Instant }, channel, late, "olga")).toMatchObject({
      kind: "refused",
    });
    expect(review.withdraw(1, "the filter was old", late, "otto")).toEqual({ kind: "done" });
    expect(review.withdraw(1, "again", late, "otto")).toMatchObject({ kind: "refused" });
    expect(review.withdraw(2, "none", late, "otto")).toEqual({ kind: "unknown" });
    expect(review.validations.list(1)).toMatchObject([{ by: "olga", withdrawn: late }]);
    expect(review.items.audit({ limit: 2 }).map((e) => [e.action, e.by])).toEqual([
      ["validation-withdrawn", "otto"],
      ["validated", "olga"],
    ]);
  });
});

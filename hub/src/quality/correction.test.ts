import type { CorrectionOrder, Instant } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { correct } from "../air/correction.ts";
import { openStore, type SqliteStore } from "../store/sqlite-store.ts";
import { calm, colocated, day, hour, minute, minutesOf, qualityOf, reading, start, takeIn } from "./trial-readings.ts";

const late = (start + 10 * day) as Instant;
const id = "epa-2021-atm@1";
const order = (more: Partial<CorrectionOrder> = {}): CorrectionOrder => ({
  channel: 1,
  correction: { id },
  from: start as Instant,
  reason: "as the protocol of May says",
  ...more,
});
const moist = { metric: "humidity", unit: "%" } as const;
const hours = (store: SqliteStore, channel: number, span: "hour" | "day" = "hour") =>
  store.rollups(channel, span, 0 as Instant, (start + 500 * day) as Instant);

/** Ten hours of PM2.5 and humidity at one box. */
async function corrected(store: SqliteStore, use: CorrectionOrder = order()) {
  const bed = qualityOf(store);
  takeIn(store, minutesOf(start, 600));
  takeIn(
    store,
    minutesOf(start, 600, (at) => 40 + Math.round((at - start) / hour), moist),
  );
  const { corrections } = bed.quality;
  const done = corrections.apply(use, await store.channels(), late, "olga");
  while (corrections.catchUp(late));
  return { bed, corrections, done };
}

/** What the corrected channel must be, worked out from the raw hours as they are now. */
async function expected(store: SqliteStore, from = start) {
  const humidity = new Map((await hours(store, 2)).map((h) => [h.from, h.mean]));
  return (await hours(store, 1))
    .filter((h) => h.from >= from)
    .map((h) => {
      const rh = humidity.get(h.from);
      const made =
        h.mean !== undefined && rh !== undefined && correct(id, { channel: "atm", value: h.mean, humidity: rh });
      return [h.from, made && made.kind === "value" ? made.value.toFixed(8) : undefined, made ? h.coverage : 0];
    });
}
const got = async (store: SqliteStore) => (await hours(store, 3)).map((h) => [h.from, h.mean?.toFixed(8), h.coverage]);

describe("a correction in use", () => {
  it("makes corrected hours beside the raw ones, with days, charts, exports and observations of their own", async () => {
    await using store = openStore({ memory: true });
    const { bed, done } = await corrected(store);
    expect(done).toEqual({ kind: "done" });
    const channel = await bed.channel("pm25", id);
    expect(await got(store)).toEqual(await expected(store));
    expect(await got(store)).toHaveLength(10);
    const [sum] = await hours(store, channel.id, "day");
    expect(sum?.flags).toEqual({ "1": 10, "2": 0, "3": 0, "4": 0, "9": 0 });
    const chart = { metric: "pm25", from: start as Instant, to: (start + day) as Instant, points: 500 } as const;
    const line = (await store.chart(chart)).find((l) => l.channel.correction === id);
    expect(line?.bins.map((b) => [b.from, b.mean?.toFixed(8)])).toEqual(
      (await expected(store)).map(([a, b]) => [a, b]),
    );
    const page = { channel: channel.id, from: start as Instant, to: late, limit: 4, skip: 2, newestFirst: true };
    const observations = await store.readings(page);
    expect(observations.map((r) => [r.at, r.averaging, r.quality])).toEqual(
      [7, 6, 5, 4].map((h) => [start + h * hour, hour, 1]),
    );
    expect((await store.channelStates()).find((s) => s.channel.id === channel.id)).toMatchObject({
      count: 10,
      latest: { at: start + 9 * hour },
    });
    expect((await hours(store, 1)).every((h) => h.coverage === 1)).toBe(true);
  });

  it("follows late readings of either input and what officers decide", async () => {
    await using store = openStore({ memory: true });
    const { bed } = await corrected(store);
    takeIn(store, minutesOf(start + 10 * hour, 30));
    expect(await got(store)).toHaveLength(11);
    expect((await got(store)).at(-1)?.[1]).toBeUndefined();
    takeIn(
      store,
      minutesOf(start + 10 * hour, 30, () => 80, moist),
    );
    expect(await got(store)).toEqual(await expected(store));
    // The sensor failed for a while: tests see it, an officer says so, and the corrected hour is without it.
    takeIn(
      store,
      minutesOf(start + 11 * hour, 60, (_, i) => (i < 30 ? 1400 + calm(i) : calm(i * minute))),
    );
    takeIn(
      store,
      minutesOf(start + 11 * hour, 60, () => 50, moist),
    );
    const before = await got(store);
    await bed.test(late);
    const [item] = bed.quality.review.items.list({ state: "open", limit: 5, channels: [1] });
    const decision = { do: "override", flag: 4, reason: "a leaf in the inlet" } as const;
    bed.quality.review.decide(item?.id ?? 0, decision, await bed.channel(), late, "olga");
    expect(await got(store)).not.toEqual(before);
    expect(await got(store)).toEqual(await expected(store));
  });

  it("comes to the same in whatever order it is put to use and the hours of both inputs come in", () =>
    fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(["use", ...Array.from({ length: 12 }, (_, i) => i)] as const, {
          minLength: 13,
          maxLength: 13,
        }),
        fc.integer({ min: 0, max: 5 }),
        async (turns, from) => {
          await using store = openStore({ memory: true });
          const { corrections } = qualityOf(store).quality;
          const begin = start + from * hour;
          takeIn(store, minutesOf(start, 1));
          takeIn(
            store,
            minutesOf(start, 1, () => 50, moist),
          );
          for (const what of turns)
            if (what === "use") {
              corrections.apply(order({ from: begin as Instant }), await store.channels(), late, "olga");
              corrections.catchUp(late);
            } else {
              const at = start + Math.floor(what / 2) * hour + minute;
              takeIn(store, what % 2 === 0 ? minutesOf(at, 59) : minutesOf(at, 59, () => 30 + what, moist));
            }
          expect(await got(store)).toEqual(await expected(store, begin));
          const [sum] = await hours(store, 3, "day");
          const made = (await got(store)).filter(([, mean]) => mean !== undefined);
          expect(sum?.flags["1"] ?? 0).toBe(made.length);
        },
      ),
      { numRuns: 25 },
    ));

  it("keeps what it made when it ends, and after the raw readings are deleted", async () => {
    await using store = openStore({ memory: true });
    const { corrections } = await corrected(store);
    const before = await got(store);
    expect(corrections.end(1, "the sensor was changed", (start + 9 * hour + 1) as Instant, "otto")).toEqual({
      kind: "done",
    });
    expect(corrections.end(1, "again", late, "otto")).toMatchObject({ kind: "refused" });
    takeIn(store, minutesOf(start + 10 * hour, 60));
    takeIn(
      store,
      minutesOf(start + 10 * hour, 60, () => 50, moist),
    );
    expect(await got(store)).toEqual(before);
    while (store.prune({ events: 0 as Instant, minutes: 0 as Instant, readings: late }));
    expect(await got(store)).toEqual(before);
    // Taken up again later, it goes on in the same channel.
    expect(
      corrections.apply(order({ from: (start + 10 * hour) as Instant }), await store.channels(), late, "olga"),
    ).toEqual({ kind: "done" });
    while (corrections.catchUp(late));
    expect(await got(store)).toEqual(await expected(store));
    expect(corrections.list(await store.channels(), 1, late).uses.map((u) => [u.gives, u.to !== undefined])).toEqual([
      [3, true],
      [3, false],
    ]);
  });

  it("begins with whole hours from its date on, and makes years of them a little at a time", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    const many = (of: (at: number) => number, more = {}) =>
      Array.from({ length: 700 }, (_, i) => start + i * hour).map((at) =>
        reading({ at, value: of(at), averaging: hour as never, ...more }),
      );
    takeIn(store, many(calm));
    takeIn(
      store,
      many(() => 50, moist),
    );
    const from = start + 10 * hour + minute;
    const { corrections } = bed.quality;
    corrections.apply(order({ from: from as Instant }), await store.channels(), (start + 60 * day) as Instant, "olga");
    let steps = 0;
    while (corrections.catchUp((start + 60 * day) as Instant)) steps++;
    expect(steps).toBeGreaterThan(2);
    expect(await got(store)).toEqual(await expected(store, start + 11 * hour));
  });

  it("that was ordered for a year too late and ended at once does not stand in the way of the right one", async () => {
    await using store = openStore({ memory: true });
    const { bed, corrections, done } = await corrected(store, order({ from: (start + 400 * day) as Instant }));
    expect(done).toEqual({ kind: "done" });
    const channels = await store.channels();
    expect(corrections.apply(order(), channels, late, "olga")).toMatchObject({ kind: "refused" });
    expect(corrections.end(1, "the wrong year", late, "olga")).toEqual({ kind: "done" });
    expect(corrections.apply(order(), channels, late, "olga")).toEqual({ kind: "done" });
    while (corrections.catchUp(late));
    expect((await bed.channel("pm25", id)).id).toBe(3);
    expect(await got(store)).toEqual(await expected(store));
    expect(await got(store)).toHaveLength(10);
  });

  it("is the only one of its channel at any time: a second one takes its place only when asked to, from its own beginning on", async () => {
    await using store = openStore({ memory: true });
    const { corrections } = await corrected(store);
    const first = await got(store);
    colocated(store, 1);
    const june = (start + 4 * hour) as Instant;
    const second = order({ correction: { id: "colocation-1@1" }, from: june });
    const channels = await store.channels();
    const refused = corrections.apply(second, channels, late, "otto");
    expect(refused).toMatchObject({ kind: "refused", why: expect.stringMatching(/epa-2021-atm@1.*2026-06-01.*olga/) });
    expect(await got(store)).toEqual(first);

    expect(corrections.apply({ ...second, replace: true }, channels, late, "otto")).toEqual({ kind: "done" });
    while (corrections.catchUp(late));
    const { uses } = corrections.list(await store.channels(), 1, late);
    expect(uses.map((u) => [u.correction, u.from, u.to])).toEqual([
      [id, start, june],
      ["colocation-1@1", june, undefined],
    ]);
    // Each hour has one corrected value, and days are those of the hours that are left.
    expect(await got(store)).toEqual(first.slice(0, 4));
    expect((await hours(store, uses[1]?.gives ?? 0)).map((h) => h.from)).toEqual(
      [4, 5, 6, 7, 8, 9].map((h) => start + h * hour),
    );
    expect((await hours(store, 3, "day")).map((d) => d.flags["1"])).toEqual([4]);
    expect(
      qualityOf(store)
        .quality.review.items.audit({ limit: 3 })
        .map((e) => [e.action, e.by, e.to]),
    ).toEqual([
      ["correction-applied", "otto", undefined],
      ["correction-ended", "otto", june],
      ["correction-applied", "olga", undefined],
    ]);
    // The first one again from before it ever began takes the place of both, and nothing of the other is left.
    expect(corrections.apply(order({ replace: true }), channels, late, "olga")).toEqual({ kind: "done" });
    while (corrections.catchUp(late));
    expect(await got(store)).toEqual(first);
    expect(await hours(store, uses[1]?.gives ?? 0)).toEqual([]);
    expect(await hours(store, uses[1]?.gives ?? 0, "day")).toEqual([]);
  });

  it("can be ended before another takes its place", async () => {
    await using store = openStore({ memory: true });
    const { corrections } = await corrected(store);
    colocated(store, 1);
    const channels = await store.channels();
    const later = order({ correction: { id: "colocation-1@1" }, from: (start + 400 * day) as Instant, replace: true });
    expect(corrections.apply(later, channels, late, "otto")).toEqual({ kind: "done" });
    const soon = (late + day) as Instant;
    expect(corrections.end(1, "the inlet was changed", soon, "olga")).toEqual({ kind: "done" });
    expect(corrections.list(channels, 1, late).uses.find((u) => u.id === 1)?.to).toBe(soon);
    expect(corrections.end(1, "again", (soon + day) as Instant, "olga")).toMatchObject({ kind: "refused" });
  });

  it("says how many of its hours are made until all are", async () => {
    await using store = openStore({ memory: true });
    const bed = qualityOf(store);
    takeIn(store, minutesOf(start, 600));
    takeIn(
      store,
      minutesOf(start, 600, () => 50, moist),
    );
    const { corrections } = bed.quality;
    const channels = await store.channels();
    corrections.apply(order({ from: (start + 2 * hour) as Instant }), channels, late, "olga");
    const making = () => corrections.list(channels, 1, late).uses[0]?.making;
    expect(making()).toEqual({ made: 0, of: 8 });
    store.atOnce(() => store.care.derived.catchUp(corrections.use(1)!, late, 3));
    expect(making()).toEqual({ made: 3, of: 8 });
    while (corrections.catchUp(late));
    expect(making()).toBeUndefined();
  });

  it("is refused in words where it does not fit", async () => {
    await using store = openStore({ memory: true });
    const { bed, corrections } = await corrected(store);
    const channels = await store.channels();
    const refused = (more: Partial<CorrectionOrder>) => {
      const answer = corrections.apply(order(more), channels, late, "olga");
      return answer.kind === "refused" ? answer.why : answer.kind;
    };
    expect(refused({})).toMatch(/in use on this channel/);
    expect(refused({ from: (start + 3 * hour) as Instant, replace: true })).toMatch(/in use on this channel/);
    expect(refused({ correction: { id: "barkjohn-2021@1" } })).toMatch(/made for cf1, not atm/);
    expect(refused({ correction: { id: "barkjohn-2021@1" }, input: "cf1" })).toMatch(/profile .* says .* atm/);
    expect(refused({ correction: { id: "made-up@1" } })).toMatch(/no correction made-up/);
    expect(refused({ channel: 2 })).toMatch(/corrects PM2.5/);
    expect(refused({ channel: 3 })).toMatch(/corrected already/);
    expect(refused({ channel: 77 })).toBe("unknown");
    expect(refused({ correction: { colocation: 5 } })).toMatch(/no colocation 5/);
    const alone = minutesOf(start, 60, calm, {
      provenance: { source: "profile:esphome-pm25@1", config: "0123456789ab" },
    });
    takeIn(store, alone, { device: "box-2", site: "mill" });
    const other = minutesOf(start, 60, calm, {
      sensor: "laser" as never,
      provenance: { source: "profile:sps30@1", config: "0123456789ab" },
    });
    takeIn(store, other, { device: "box-2", site: "mill" });
    const now = await store.channels();
    const of = (sensor: string) => now.find((c) => c.site === "mill" && c.sensor === sensor)?.id ?? 0;
    const say = (more: Partial<CorrectionOrder>) => corrections.apply(order(more), now, late, "olga");
    expect(say({ channel: of("air") })).toMatchObject({ why: expect.stringMatching(/say which/) });
    expect(say({ channel: of("air"), input: "atm" })).toMatchObject({
      why: expect.stringMatching(/needs the humidity/),
    });
    expect(say({ channel: of("laser"), input: "atm" })).toMatchObject({ why: expect.stringMatching(/Plantower/) });
    expect(bed.quality.review.items.audit({ limit: 10 })).toHaveLength(1);
    expect(corrections.list(now, 1, late)).toMatchObject({ input: "atm", available: [{ id }] });
  });
});

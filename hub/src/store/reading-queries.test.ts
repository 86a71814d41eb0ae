import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Instant, SiteId } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "./sqlite-store.ts";
import { daySpan, hourSpan, type Item } from "./store.ts";
import { birth, items, reading as made, noon, other, site } from "./trial-records.ts";

const start = (noon - (noon % daySpan)) as Instant;
const reading = (sequence: number, at: number, value: number, more: object = {}): Item =>
  made(sequence, { at, value, ...more });
const all = { from: 0 as Instant, to: (noon * 2) as Instant };

/** Node 20 has no Map.groupBy. */
function grouped<T>(list: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of list) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

describe("rollups of readings", () => {
  it("are the same in whatever order, however often and in however many batches the readings come", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            minute: fc.nat(3000),
            value: fc.integer({ min: -50, max: 5000 }),
            quality: fc.constantFrom(1, 2, 3, 4, 9),
          }),
          {
            minLength: 1,
            maxLength: 60,
          },
        ),
        fc.array(fc.nat(59), { maxLength: 80 }),
        async (made, order) => {
          await using store = openStore({ memory: true });
          store.commit([birth()]);
          const list = made.map((m, i) =>
            reading(i + 1, start + m.minute * 60_000, m.value / 10, { quality: m.quality }),
          );
          // Some come first, out of order and twice, one in each commit; then all of them once more.
          for (const i of order)
            if (list[i]) store.commit([items([list[i]], undefined, (noon + daySpan * 3) as Instant)]);
          store.commit([items(list, undefined, (noon + daySpan * 3) as Instant)]);
          for (const [span, width] of [
            ["hour", hourSpan],
            ["day", daySpan],
          ] as const) {
            const bins = await store.rollups(1, span, all.from, all.to);
            const groups = grouped(made, (m) => Math.floor((start + m.minute * 60_000) / width) * width);
            expect(bins.map((b) => b.from)).toEqual([...groups.keys()].sort((a, b) => a - b));
            for (const bin of bins) {
              const group = groups.get(bin.from) ?? [];
              const valid = group.filter((m) => m.quality < 4).map((m) => m.value / 10);
              expect(Object.values(bin.flags).reduce((a, b) => a + b)).toBe(group.length);
              expect(bin.flags["4"]).toBe(group.filter((m) => m.quality === 4).length);
              expect(bin.coverage).toBeCloseTo(Math.min(1, (valid.length * 60_000) / width), 12);
              if (valid.length === 0) expect(bin.mean).toBeUndefined();
              else {
                expect(bin.mean).toBeCloseTo(valid.reduce((a, b) => a + b) / valid.length, 8);
                expect([bin.min, bin.max]).toEqual([Math.min(...valid), Math.max(...valid)]);
              }
            }
          }
          const raw = await store.readings({ channel: 1, ...all, limit: 100, skip: 0, newestFirst: false });
          expect(raw.map((r) => r.sequence).sort((a, b) => a - b)).toEqual(made.map((_, i) => i + 1));
          expect(raw.map((r) => r.at)).toEqual(made.map((m) => start + m.minute * 60_000).sort((a, b) => a - b));
          const back = await store.readings({ channel: 1, ...all, limit: 7, skip: 3, newestFirst: true });
          expect(back).toEqual(raw.toReversed().slice(3, 10));
        },
      ),
      { numRuns: 25 },
    ));

  it("average levels by energy and directions as arrows", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const level = { metric: "laeq", unit: "dB[SPL]" };
    const wind = { metric: "wind-direction", unit: "deg" };
    store.commit([
      items([
        reading(1, start, 50, level),
        reading(2, start + 60_000, 60, level),
        reading(3, start, 350, wind),
        reading(4, start + 60_000, 20, wind),
      ]),
    ]);
    expect((await store.rollups(1, "hour", all.from, all.to))[0]?.mean).toBeCloseTo(57.4036, 4);
    expect((await store.rollups(2, "hour", all.from, all.to))[0]?.mean).toBeCloseTo(5, 6);
  });

  it("keep raw and corrected values, units and places apart", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const corrected = {
      provenance: { source: "profile:sps30@1", config: "0123456789ab", correction: "barkjohn@2021" },
    };
    store.commit([items([reading(1, start, 10), reading(2, start, 8, corrected)])]);
    // Another outbox of the same box goes on with the same channel.
    store.commit([birth({ epoch: other, session: 1 }), items([reading(1, start + 60_000, 12)], other)]);
    const states = await store.channelStates();
    expect(states.map((s) => [s.channel.correction, s.count, s.latest?.value])).toEqual([
      [undefined, 2, 12],
      ["barkjohn@2021", 1, 8],
    ]);
    const [raw] = await store.rollups(1, "day", all.from, all.to);
    expect(raw).toMatchObject({ from: start, mean: 11, coverage: 2 / 1440 });
  });

  it("draw a chart from minutes, hours or days, never with more points than asked for", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const list = Array.from({ length: 20 * 24 }, (_, i) => reading(i + 1, start + i * hourSpan, i % 24));
    store.commit([items(list, undefined, (noon + daySpan * 30) as Instant)]);
    const chart = async (days: number, points: number) =>
      (
        await store.chart({
          site: site as SiteId,
          metric: "pm25",
          from: start,
          to: (start + days * daySpan) as Instant,
          points,
        })
      )[0]?.bins ?? [];
    expect((await chart(1, 2000)).map((b) => b.mean)).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(await chart(20, 480)).toHaveLength(480);
    expect((await chart(20, 20)).map((b) => [b.mean, b.min, b.max])).toEqual(Array(20).fill([11.5, 0, 23]));
    expect((await chart(800, 40)).length).toBeLessThanOrEqual(40);
    expect(await store.chart({ metric: "o3", from: start, to: noon, points: 10 })).toEqual([]);
  });

  it("draw bins of several hours that hold what their hours hold, flags and coverage too", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const qualities = [1, 4, 3, 9, 2, 4, 4];
    const list = Array.from({ length: 10 * 24 * 4 }, (_, i) =>
      reading(i + 1, start + i * 15 * 60_000, (i * 37) % 100, { quality: i < 96 ? 4 : qualities[i % 7] }),
    );
    store.commit([items(list, undefined, (noon + daySpan * 30) as Instant)]);
    const to = (start + 10 * daySpan) as Instant;
    const hours = await store.rollups(1, "hour", start, to);
    for (const points of [5, 24, 100]) {
      const [line] = await store.chart({ metric: "pm25", from: start, to, points });
      const span = line?.bins[0]?.span ?? 0;
      const groups = grouped(hours, (h) => Math.floor(h.from / span) * span);
      expect(line?.bins.map((b) => b.from)).toEqual([...groups.keys()]);
      for (const bin of line?.bins ?? []) {
        const own = groups.get(bin.from) ?? [];
        const covered = own.reduce((sum, h) => sum + h.coverage, 0);
        const sum = own.reduce((total, h) => total + h.coverage * (h.mean ?? 0), 0);
        for (const flag of ["1", "2", "3", "4", "9"] as const)
          expect(bin.flags[flag]).toBe(own.reduce((n, h) => n + h.flags[flag], 0));
        expect(bin.coverage).toBeCloseTo((covered * hourSpan) / span, 9);
        if (covered === 0) expect([bin.mean, bin.min, bin.max]).toEqual([undefined, undefined, undefined]);
        else {
          expect(bin.mean).toBeCloseTo(sum / covered, 9);
          const [least, most] = [own.flatMap((h) => h.min ?? []), own.flatMap((h) => h.max ?? [])];
          expect([bin.min, bin.max]).toEqual([Math.min(...least), Math.max(...most)]);
        }
      }
    }
  });

  it("stay when the raw readings are deleted, a little at a time", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const list = Array.from({ length: 200 }, (_, i) => reading(i + 1, start + i * hourSpan, 5));
    store.commit([items(list, undefined, (noon + daySpan * 30) as Instant)]);
    const before = await store.rollups(1, "hour", all.from, all.to);
    const keep = (start + 150 * hourSpan) as Instant;
    let steps = 0;
    while (store.prune({ events: 0 as Instant, minutes: 0 as Instant, readings: keep })) steps++;
    expect(steps).toBeGreaterThan(2);
    const left = await store.readings({ channel: 1, ...all, limit: 500, skip: 0, newestFirst: false });
    expect(left[0]?.at).toBeLessThanOrEqual(keep);
    expect(left[0]?.at).toBeGreaterThanOrEqual(keep - 2 * hourSpan);
    expect(await store.rollups(1, "hour", all.from, all.to)).toEqual(before);
  });

  it("answer the same from the reading thread of a store on disk", async () => {
    const folder = await mkdtemp(join(tmpdir(), "openkerb-readings-"));
    try {
      await using store = openStore({ folder });
      store.commit([birth(), items([reading(1, start, 10), reading(2, start + 60_000, 12.5)])]);
      expect(await store.rollups(1, "hour", all.from, all.to)).toMatchObject([{ mean: 11.25 }]);
      store.commit([items([reading(3, start + 120_000, 0)])]);
      expect((await store.channelStates())[0]).toMatchObject({ count: 3, latest: { value: 0 } });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

import type { Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { trialBirth } from "../broker/trial-box.ts";
import { trialFolder } from "../trial-folder.ts";
import { openStore } from "./sqlite-store.ts";
import { birth, device, epoch, item, items, minute, noon, site, stored } from "./trial-records.ts";

describe("counts", () => {
  const hour = 3_600_000;
  const start = (noon - (noon % hour) - 5 * hour) as Instant;

  it("adds minutes up to hours and days, each event once, with the share that was watched", async () => {
    using folder = trialFolder();
    await using store = openStore({ folder: folder.path });
    store.commit([birth()]);
    const minutes = items([
      minute(1, start),
      minute(2, start + 60_000, { watched: 30_000 as never }),
      minute(3, start + hour),
    ]);
    store.commit([minutes]);
    store.commit([minutes]);
    const ask = { site, from: start, to: (start + 2 * hour) as Instant };
    const { bins: byMinute } = await store.counts({ ...ask, bin: "minute", to: (start + 180_000) as Instant });
    expect(byMinute.map((b) => [b.from - start, b.watched, b.lines[0]?.in ?? 0])).toEqual([
      [0, 1, 2],
      [60_000, 0.5, 2],
      [120_000, 0, 0],
    ]);
    const { bins: byHour } = await store.counts({ ...ask, bin: "hour" });
    expect(byHour.map((b) => [b.watched, b.lines, b.zones])).toEqual([
      [
        1.5 / 60,
        [{ line: "kerb", class: "car", in: 4, out: 2 }],
        [{ zone: "stop", class: "bus", entered: 2, mean: 0.5, max: 1 }],
      ],
      [
        1 / 60,
        [{ line: "kerb", class: "car", in: 2, out: 1 }],
        [{ zone: "stop", class: "bus", entered: 1, mean: 0.5, max: 1 }],
      ],
    ]);
    const { bins: byDay } = await store.counts({ ...ask, bin: "day" });
    expect(byDay.reduce((sum, b) => sum + (b.lines[0]?.in ?? 0), 0)).toBe(6);
  });

  it("a box that claims to have watched an hour in one minute does not hide that the rest is missing", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth(), items([minute(1, start, { watched: hour as never })])]);
    const ask = { site, from: start, to: (start + hour) as Instant };
    const { bins } = await store.counts({ ...ask, bin: "hour" });
    expect(bins[0]).toMatchObject({ watched: 1 / 60, zones: [{ mean: 0.5 }] });
  });

  it("adds the halves of a minute that a restart cut in two", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    store.commit([
      items([
        minute(1, start, {
          watched: 20_000 as never,
          zones: [{ zone: "stop" as never, class: "bus", entered: 1, mean: 1, max: 3 }],
        }),
        minute(2, start, {
          watched: 40_000 as never,
          zones: [{ zone: "stop" as never, class: "bus", entered: 1, mean: 0.25, max: 1 }],
        }),
      ]),
    ]);
    const { bins } = await store.counts({ site, from: start, to: (start + 60_000) as Instant, bin: "minute" });
    expect(bins).toEqual([
      {
        from: start,
        span: 60_000,
        watched: 1,
        lines: [{ line: "kerb", class: "car", in: 4, out: 2 }],
        zones: [{ zone: "stop", class: "bus", entered: 2, mean: 0.5, max: 3 }],
      },
    ]);
  });

  it("begins days where the place begins them", async () => {
    await using store = openStore({ memory: true });
    store.commit([birth()]);
    const midnight = (start - (start % 86_400_000)) as Instant;
    for (const offset of [0, 2 * hour, 5.5 * hour, -8 * hour]) {
      const { bins } = await store.counts({ site, from: midnight, to: (midnight + 1) as Instant, bin: "day", offset });
      expect(bins).toHaveLength(1);
      expect(((bins[0]?.from ?? 0) + offset) % 86_400_000).toBe(0);
    }
    store.commit([items([minute(1, midnight - 5.5 * hour), minute(2, midnight - 5.5 * hour - 60_000)])]);
    const { bins } = await store.counts({
      site,
      from: midnight,
      to: (midnight + 1) as Instant,
      bin: "day",
      offset: 5.5 * hour,
    });
    expect(bins[0]?.lines[0]?.in).toBe(2);
  });

  it("says that a camera which should be there saw nothing", async () => {
    await using store = openStore({ memory: true });
    const two = trialBirth(device, epoch).cameras.flatMap((c) => [c, { ...c, id: "south", lines: [], zones: [] }]);
    store.commit([birth({ cameras: two }), items([minute(1, start)])]);
    const { bins } = await store.counts({ site, from: start, to: (start + 60_000) as Instant, bin: "minute" });
    expect(bins[0]?.watched).toBe(0.5);
  });

  it("refuses to draw a million bins", async () => {
    using folder = trialFolder();
    await using store = openStore({ folder: folder.path });
    await expect(store.counts({ site, from: 0 as Instant, to: noon, bin: "minute" })).rejects.toThrow(/bins asked for/);
  });
});

describe("what is old", () => {
  it("is deleted in small steps; ids are never used again", async () => {
    await using store = openStore({ memory: true });
    const day = 86_400_000;
    store.commit([birth()]);
    store.commit([items(Array.from({ length: 2500 }, (_, n) => item(n + 1)))]);
    store.commit([items([minute(2501, noon - 3 * day), minute(2502, noon)], epoch, (noon + day) as Instant)]);
    const keep = { events: (noon + 1) as Instant, minutes: (noon - day) as Instant };
    let steps = 0;
    while (store.prune(keep)) steps++;
    expect(steps).toBeGreaterThan(1);
    expect(stored(store)).toEqual([2501, 2502]);
    expect(store.firstEvent()).toBe(2501);
    const { bins } = await store.counts({
      site,
      from: (noon - 4 * day) as Instant,
      to: (noon + 1) as Instant,
      bin: "day",
    });
    expect(bins.map((b) => b.lines.length)).toEqual([0, 0, 0, 0, 1].slice(-bins.length));
    while (store.prune({ events: (noon + 10 * day) as Instant, minutes: noon })) steps++;
    expect(store.firstEvent()).toBe(0);
    expect(store.commit([items([item(2503)], epoch, (noon + day) as Instant)]).events[0]?.id).toBe(2503);
  });
});

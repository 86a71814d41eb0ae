import type { Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { colocated, qualityOf } from "../../quality/trial-readings.ts";
import { queries } from "../../store/queries.ts";
import { openStore } from "../../store/sqlite-store.ts";
import { birth, items, noon, profile, reading } from "../../store/trial-records.ts";
import { validationTable } from "../../store/validation-table.ts";
import { decisionReader } from "./decisions.ts";
import { measuredAt, standing } from "./site-hours.ts";

const hour = 3_600_000;
const start = noon - (noon % hour);
const span = { site: "street", pollutant: "pm10", region: "eu", from: start, to: start + 10 * hour } as const;

/** Ten raw hours of 60, and of them from the hour `first` to before `end` corrected ones. */
async function measured(corrections: readonly { id: string; first: number; end: number; value: number }[]) {
  const store = openStore({ memory: true });
  let sequence = 0;
  const mean = (h: number, value: number, correction?: string) =>
    reading(++sequence, {
      ...{ at: start + h * hour, averaging: hour, metric: "pm10", value },
      provenance: { ...profile, ...(correction && { correction }) },
    });
  const batch = Array.from({ length: 10 }, (_, h) => [
    mean(h, 60),
    ...corrections.filter((c) => h >= c.first && h < c.end).map((c) => mean(h, c.value, c.id)),
  ]).flat();
  store.commit([birth(), items(batch, undefined, (start + 10 * hour) as Instant)]);
  const read = decisionReader(store.database, queries(store.database));
  const law = {
    ...{ channels: store.channels, channelStates: store.channelStates, rollups: store.rollups },
    ...{ chart: store.chart, counts: store.counts },
    decisions: async (channel: number, from: number, to: number) => read(channel, from, to),
  };
  const one = async () => standing(await measuredAt(law, await store.channels(), span));
  const values = async () => (await one())?.hours.map((h) => (h.kind === "value" ? h.value : undefined));
  return { store, one, values, validations: validationTable(store.database) };
}

describe("the channel that stands for a pollutant", () => {
  it("keeps what was measured before a correction began and after it ended", async () => {
    const { store, one, values } = await measured([{ id: "half@1", first: 3, end: 9, value: 30 }]);
    await using _ = store;
    expect(await values()).toEqual([60, 60, 60, 30, 30, 30, 30, 30, 30, 60]);
    expect(await one()).toMatchObject({ channel: { correction: "half@1" }, valid: 10 });
  });

  it("takes the newer of two corrections that follow one another, and raw values between them", async () => {
    const { store, values } = await measured([
      { id: "half@1", first: 1, end: 4, value: 30 },
      { id: "third@1", first: 5, end: 10, value: 20 },
    ]);
    await using _ = store;
    expect(await values()).toEqual([60, 30, 30, 30, 60, 20, 20, 20, 20, 20]);
  });

  it("goes by the correction in force at each hour, by raw values in hours without one, and is called by the last", async () => {
    const { store, one, values } = await measured([]);
    await using _ = store;
    const { corrections } = qualityOf(store).quality;
    for (const gain of [0.5, 0.25]) colocated(store, 1, gain);
    const apply = async (colocation: number, from: number) => {
      const order = {
        channel: 1,
        correction: { colocation },
        from: (start + from * hour) as Instant,
        reason: "as found",
      };
      const at = (start + 10 * hour) as Instant;
      expect(corrections.apply({ ...order, replace: true }, await store.channels(), at, "anna")).toEqual({
        kind: "done",
      });
      while (corrections.catchUp(at));
    };
    const end = (id: number, at: number) => corrections.end(id, "for a while", (start + at * hour) as Instant, "anna");
    await apply(1, 1);
    expect(end(1, 3)).toEqual({ kind: "done" });
    expect(await values()).toEqual([60, 30, 30, 60, 60, 60, 60, 60, 60, 60]);
    await apply(2, 4);
    await apply(1, 6);
    expect(await values()).toEqual([60, 30, 30, 60, 15, 15, 30, 30, 30, 30]);
    expect(await one()).toMatchObject({ channel: { correction: "colocation-1@1" }, valid: 10 });
    await apply(2, 9);
    expect(await values()).toEqual([60, 30, 30, 60, 15, 15, 30, 30, 30, 15]);
    expect(await one()).toMatchObject({ channel: { correction: "colocation-2@1" }, valid: 10 });
  });

  it("is validated where an officer stands for the values that count there, and only there", async () => {
    const { store, one, validations } = await measured([{ id: "half@1", first: 4, end: 10, value: 30 }]);
    await using _ = store;
    const channels = await store.channels();
    const raw = channels.find((c) => c.correction === undefined)?.id ?? 0;
    const of = { channel: raw, from: (start + 2 * hour) as Instant, to: (start + 4 * hour) as Instant };
    validations.add({ ...of, reason: "looked at" }, "anna", (start + 1000 * hour) as Instant);
    expect((await one())?.validations).toEqual([{ from: of.from, to: of.to }]);
    expect(await one()).toMatchObject({ channel: { correction: "half@1" }, validated: 2 });
  });

  it("stays the corrected one when an officer stands for raw values that do not count", async () => {
    const { store, one, values, validations } = await measured([{ id: "half@1", first: 4, end: 10, value: 30 }]);
    await using _ = store;
    const raw = (await store.channels()).find((c) => c.correction === undefined)?.id ?? 0;
    const of = { channel: raw, from: (start + 5 * hour) as Instant, to: (start + 8 * hour) as Instant };
    validations.add({ ...of, reason: "looked at" }, "anna", (start + 1000 * hour) as Instant);
    expect(await values()).toEqual([60, 60, 60, 60, 30, 30, 30, 30, 30, 30]);
    expect(await one()).toMatchObject({ channel: { correction: "half@1" }, validated: 0 });
  });
});

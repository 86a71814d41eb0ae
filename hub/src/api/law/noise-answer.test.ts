import { AirNoise, HubConfig, type Instant } from "@openkerb/contract";
import { expect, it } from "vitest";
import { minuteLevels } from "../../store/minute-levels.ts";
import { openStore } from "../../store/sqlite-store.ts";
import { birth, items, reading, site } from "../../store/trial-records.ts";
import { noiseAnswer } from "./noise-answer.ts";

const minute = 60_000;
const day = 1440 * minute;
const start = Date.UTC(2026, 5, 1);
const { air } = HubConfig.parse({ version: 1, city: "demo" });

it("levels exceeded are counted over the minutes of a day, and of all days together, where no sensor counts them", async () => {
  await using store = openStore({ memory: true });
  // The first day is loud in every fifth minute, the second in half of them; on the third too much is missing.
  const loud = [5, 2, 2];
  const all = Array.from({ length: 4 * 1440 }, (_, m) => {
    const at = start + 7 * 60 * minute + m * minute;
    const which = Math.floor(m / 1440);
    const value = m % (loud[which] ?? 2) === 0 ? 80 : m % 2 === 0 ? 60 : 50;
    const quality = which === 2 && m % 1440 < 500 ? 4 : 1;
    return reading(m + 1, { at, sensor: "sound", metric: "laeq", unit: "dB[SPL]", value, quality });
  });
  store.commit([birth()]);
  for (let i = 0; i < all.length; i += 1000)
    store.commit([items(all.slice(i, i + 1000), undefined, (start + 5 * day) as Instant)]);
  const levels = minuteLevels(store.database);
  const law = {
    ...store,
    decisions: async () => ({ validations: [], hours: [], corrected: [] }),
    levels: async (...asked: Parameters<typeof levels>) => levels(...asked),
  };
  const ask = async (to: string) =>
    AirNoise.parse(await noiseAnswer(law, { site, from: "2026-06-01", to }, { air, until: start + 5 * day }));
  const three = await ask("2026-06-03");
  expect(three.percentiles).toBe("minutes");
  expect(three.days.map(({ la10, la50, la90 }) => [la10, la50, la90])).toEqual([
    [80, 60, 50],
    [80, 80, 50],
    [undefined, undefined, undefined],
  ]);
  const two = await ask("2026-06-02");
  expect(two.whole).toMatchObject({ la10: 80, la50: 60, la90: 50 });
});

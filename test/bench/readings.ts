// Measures minute values of sensors: how many a second one hub process takes in, committed (FULL), rolled up and
// acknowledged, with one million and with twenty million stored; how long charts take, with flags of tests and officers
// over them, from the store alone and through the API as the officer's pages ask for them; what a stored value weighs.
//
//   node --import tsx test/bench/readings.ts [--large 20] [--load 400000] [--runs 3] [--only charts]  (--large in millions)
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { CityId, Instant, SiteId } from "@openkerb/contract";
import { fillStore, layOver, layPages, openFilled } from "./filled-store.ts";
import { load } from "./load.ts";
import { measurePages } from "./pages.ts";
import { openSide } from "./side.ts";

const { values } = parseArgs({
  options: {
    large: { type: "string", default: "20" },
    load: { type: "string", default: "400000" },
    runs: { type: "string", default: "3" },
    only: { type: "string", default: "charts,speed" },
  },
});
const million = 1_000_000;
const large = Number(values.large);
const wanted = values.only.split(",");
const home = process.env.OPENKERB_HOME ?? fileURLToPath(new URL("../../.openkerb", import.meta.url));
const day = 86_400_000;
const results: Record<string, unknown> = {};
const folder = mkdtempSync(join(tmpdir(), "openkerb-readings-"));
const data = join(folder, "data");

async function speed(stored: number): Promise<void> {
  await using side = await openSide("hub", folder);
  const options = { port: side.port, city: "bench" as CityId, batch: 500, window: 10_000, acks: true, readings: true };
  await load({ ...options, events: Number(values.load) / 4, devices: 4 });
  const before = await side.ask("begin");
  const { seconds, events } = await load({ ...options, events: Number(values.load), devices: 8 });
  const { cpu, stored: after } = await side.ask("end");
  if (after - before.stored !== events) throw new Error(`${after - before.stored} of ${events} readings were stored`);
  const rate = Math.round(events / seconds);
  results[`readings a second at ${stored} million`] = {
    rate,
    cpuMicroseconds: (cpu / events) * 1e6,
    before: before.stored,
  };
  console.log(
    `${stored} million stored: ${rate.toLocaleString("en")} readings a second committed, rolled up and acked; ${((cpu / events) * 1e6).toFixed(1)} µs processor time each`,
  );
}

async function charts(stored: number): Promise<void> {
  await using filled = openFilled(data);
  const { store, last, first } = filled;
  const took: number[] = [];
  let points = 0;
  const spans = [day / 4, day, 7 * day, 30 * day, 90 * day, 365 * day, last - first];
  for (let n = 0; n < 210; n++) {
    const span = Math.min(spans[n % spans.length] ?? day, last - first);
    const to = Math.round(last - ((n * 0.618) % 1) * (last - first - span)) as Instant;
    const began = performance.now();
    const lines = await store.chart({
      site: `site-${n % 2}` as SiteId,
      metric: n % 3 === 0 ? "pm25" : "no2",
      from: (to - span) as Instant,
      to,
      points: 800,
    });
    if (n >= 14) took.push(performance.now() - began);
    points += lines.reduce((sum, line) => sum + line.bins.length, 0);
  }
  took.sort((a, b) => a - b);
  const p95 = took[Math.floor(took.length * 0.95)] ?? Number.NaN;
  const worst = took.at(-1) ?? Number.NaN;
  results[`chart at ${stored} million`] = { p95, worst, median: took[took.length >> 1], points };
  console.log(
    `${stored} million stored: charts of 6 hours to all time, median ${took[took.length >> 1]?.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, worst ${worst.toFixed(1)} ms (${points} points)`,
  );
}

try {
  let rows = 0;
  for (const target of [1, 2, large]) {
    const began = performance.now();
    rows = await fillStore(data, target * million);
    const bytes = statSync(join(data, "hub.sqlite")).size / rows;
    results[`bytes a reading at ${target} million`] = bytes;
    console.log(
      `${rows.toLocaleString("en")} minute values stored (${((performance.now() - began) / 1000).toFixed(0)} s): ${bytes.toFixed(1)} bytes each, rollups and all`,
    );
    const ranges = await layOver(data);
    console.log(`${ranges.toLocaleString("en")} stretches of flags of tests and officers lie over them`);
    if (target !== 1 && wanted.includes("charts")) {
      await charts(target);
      await layPages(data);
      results[`pages at ${target} million`] = await measurePages(folder, target, Number(values.runs));
    }
    if (target !== 2 && wanted.includes("speed")) await speed(target);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const file = join(home, "bench-readings.json");
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, JSON.stringify(results, undefined, 2));
console.log(`all figures: ${file}`);

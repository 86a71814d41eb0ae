import { Agent, get } from "node:http";
import { openFilled } from "./filled-store.ts";
import { openSide } from "./side.ts";

/* How long the charts of the officer's pages take through the real API, asked as the pages ask. */

const hour = 3_600_000;
const day = 24 * hour;
/** What an officer waits for at the most, 95 times out of 100; milliseconds. */
const limit = 200;

type Visit = {
  readonly page: string;
  readonly first?: string;
  readonly charts: readonly string[];
  readonly beside: readonly string[];
};
type Figures = {
  readonly page: string;
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
  readonly asked: number;
};
type Measured = { readonly figures: readonly Figures[]; readonly late: number };

const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The pages that draw charts, each with all that it asks at once. `n` moves them through time and places. */
function* visits(n: number, first: number, last: number): Generator<Visit> {
  const site = `site-${n % 2}`;
  const metrics = ["pm25", "pm10", "no2", "o3", "laeq"];
  const metric = metrics[n % metrics.length] ?? "pm25";
  const channel = 1 + ((n * 7) % 20);
  const now = `index?site=${site}&span=hour&from=${last - day}&to=${last}`;
  const limits = `limits?day=${dayText(last)}`;
  const zoomed = (1 + (n % 20)) * day * 0.7;
  const at = first + zoomed + ((n * 0.618) % 1) * (last - first - zoomed);
  for (const [range, from, to] of [
    ["a day", last - day, last],
    ["7 days", last - 7 * day, last],
    ["30 days", last - 30 * day, last],
    ["a year", last - 365 * day, last],
    ["all time", first, last],
    ["a part of it", Math.floor(at - zoomed), Math.ceil(at)],
  ] as const) {
    const part = `from=${from}&to=${to}&points=720`;
    const charts = metrics.map((m) => `series?site=${site}&metric=${m}&${part}`);
    yield { page: `station, ${range}`, first: "stations", charts, beside: [now, now, limits] };
    yield { page: `comparison, ${range}`, first: "stations", charts: [`series?metric=${metric}&${part}`], beside: [] };
  }
  const [from, to] = [last - 48 * hour, last + hour];
  const after = [`anomalies?channel=${channel}&from=${last - 30 * day}&to=${last}`];
  yield {
    page: "forecast",
    first: `forecast?site=${site}`,
    charts: [`series?site=${site}&metric=${metric}&from=${from}&to=${to}&points=49`],
    beside: after,
  };
  yield { page: "forecast, hours that were unusual", charts: after, beside: [] };
  const traffic = `from=${last - 90 * day}&to=${last}`;
  yield { page: "beside the traffic", charts: [`association?site=site-0&metric=${metric}&${traffic}`], beside: [] };
  yield {
    page: "doubt",
    first: "review?state=open&limit=500",
    charts: [`review/${1 + ((n * 37) % 2000)}`],
    beside: [],
  };
  for (const days of [30, 365]) {
    const part = `from=${dayText(last - days * day)}&to=${dayText(last - day)}`;
    yield { page: `noise, ${days} days`, charts: [`noise?site=${site}&${part}`], beside: [] };
  }
}

/** Milliseconds from asking to the last byte. @throws Error when the answer is not 200 */
const timed = (agent: Agent, url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const request = get(url, { agent }, (answer) => {
      answer.resume();
      answer.once("error", reject);
      answer.once("end", () => {
        if (answer.statusCode === 200) resolve(performance.now() - began);
        else reject(new Error(`${url} answers ${answer.statusCode}`));
      });
    });
    request.once("error", reject);
  });

async function once(folder: string, first: number, last: number, rounds: number): Promise<Measured> {
  await using side = await openSide("hub", folder, last);
  // As many connections as a browser opens.
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  const ask = (path: string): Promise<number> => timed(agent, `${side.pageUrl}/api/v1/air/${path}`);
  const took = new Map<string, number[]>();
  for (let n = -2; n < rounds; n++) {
    if (n === 0) await side.ask("begin");
    for (const { page, first: before, charts, beside } of visits(n + 2, first, last)) {
      if (before !== undefined) await ask(before);
      const [times] = await Promise.all([Promise.all(charts.map(ask)), Promise.all(beside.map(ask))]);
      if (n >= 0) took.set(page, [...(took.get(page) ?? []), ...times]);
    }
  }
  const { late } = await side.ask("end");
  agent.destroy();
  const figures = [...took, ["all charts", [...took.values()].flat()] as const].map(([page, times]) => {
    const sorted = times.toSorted((a, b) => a - b);
    const of = (part: number): number => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
    return { page, median: of(0.5), p95: of(0.95), worst: of(1), asked: sorted.length };
  });
  return { figures, late };
}

const middle = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Visits every page `rounds` times in each of `runs` hubs and prints the medians of the runs; `folder` holds `data`. */
export async function measurePages(folder: string, stored: number, runs: number, rounds = 20): Promise<object> {
  const { first, last } = await bounds(folder);
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run++) measured.push(await once(folder, first, last, rounds));
  const late = middle(measured.map((m) => m.late));
  const figures = (measured[0]?.figures ?? []).map(({ page, asked }, i) => {
    const of = (figure: "median" | "p95" | "worst"): number =>
      middle(measured.map(({ figures: all }) => all[i]?.[figure] ?? Number.NaN));
    return { page, asked, median: of("median"), p95: of("p95"), worst: of("worst") };
  });
  for (const { page, median, p95, worst } of figures)
    console.log(
      `${stored} million stored, ${page}: median ${median.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms (${(p95 / limit).toFixed(2)} of ${limit} ms), worst ${worst.toFixed(0)} ms`,
    );
  console.log(
    `${stored} million stored: meanwhile the main thread was late by ${late.toFixed(1)} ms at most, 99 times of 100`,
  );
  return { figures, late, runs };
}

async function bounds(folder: string): Promise<{ first: number; last: number }> {
  await using filled = openFilled(`${folder}/data`);
  return { first: filled.first, last: filled.last };
}

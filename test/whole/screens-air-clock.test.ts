import { join } from "node:path";
import type { Hub } from "@openkerb/hub";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { fillAirStreet } from "./air-street.ts";
import { hubIn, madeFolder } from "./hub-bed.ts";
import { type Browser, misfits, openBrowser, soon, type Visit } from "./screens-browser.ts";

const hour = 3_600_000;
const day = 24 * hour;
/** The place is eight hours ahead of UTC, its readers sit elsewhere. */
const offset = 8;

let browser: Browser;
let folder: Awaited<ReturnType<typeof madeFolder>>;
let hub: Hub;

beforeAll(async () => {
  folder = await madeFolder();
  await fillAirStreet(join(folder.path, "data"), Date.now(), 4);
  hub = await hubIn(folder.path, { air: { region: "eu", utcOffset: offset } });
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** A page as somebody sees it whose own clock is that of `zone`. */
async function open(path: string, zone: string): Promise<Visit> {
  const visit = await browser.visit(`${hub.pageUrl}/open`, { still: true });
  onTestFinished(() => visit.page.close());
  await (await browser.context.newCDPSession(visit.page)).send("Emulation.setTimezoneOverride", { timezoneId: zone });
  await visit.page.evaluate('localStorage.setItem("language", "en")');
  await visit.page.goto(`${hub.pageUrl}${path}`);
  return visit;
}
const json = async <T>(path: string): Promise<T> =>
  (await fetch(new URL(`/api/v1${path}`, hub.pageUrl))).json() as Promise<T>;

/** What the clock of the place shows, `2026-11-23T04:00`. */
const there = (at: number): string => new Date(at + offset * hour).toISOString().slice(0, 16);
/** A day as these pages write it, `Mon, 23 Nov`. */
const written = (text: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", weekday: "short", day: "numeric", month: "short" }).format(
    Date.parse(text.slice(0, 10)),
  );

describe("a reader elsewhere", () => {
  it.each(["America/New_York", "Asia/Shanghai"])("in %s reads the hours of the place", async (zone) => {
    const { page } = await open("/air/station/mill-road", zone);
    const chart = page.getByRole("region", { name: "PM10", exact: true });
    const canvas = chart.getByRole("group", { name: /^Chart: / });
    await canvas.focus();
    await page.keyboard.press("t");
    const rows = chart.getByRole("region", { name: /^Table: / }).getByRole("rowheader");
    const told = await rows.allTextContents();
    const last = Math.floor(Date.now() / hour) * hour;
    const { lines } = await json<{ lines: { bins: { from: number }[] }[] }>(
      `/air/series?site=mill-road&metric=pm10&from=${last - 7 * day}&to=${last}&points=720`,
    );
    const at = lines[0]?.bins.at(-1)?.from ?? 0;
    expect(told.at(-1)).toContain(there(at).slice(11));
    expect(told.at(-1)).toContain(`${Number(there(at).slice(8, 10))} `);
  });

  it("is told beside the chart by which clock it is drawn, and a reader at the place is not", async () => {
    const far = await open("/air/station/mill-road", "America/New_York");
    await far.page.getByText("times in UTC+08:00").first().waitFor();
    const near = await open("/air/station/mill-road", "Asia/Shanghai");
    await near.page
      .getByRole("group", { name: /^Chart: / })
      .first()
      .waitFor();
    expect(await near.page.getByText("times in UTC+08:00").count()).toBe(0);
  });

  it("gets a report of whole days of the place, each of them judged", async () => {
    const { page } = await open("/air/report?site=mill-road", "America/New_York");
    const days = page.getByRole("region", { name: "Day by day" });
    await soon(() => days.getByRole("row").count()).toBe(31);
    const yesterday = there(Date.now() - day);
    expect(await days.getByRole("rowheader").last().textContent()).toBe(written(yesterday));
    expect(await days.getByRole("rowheader").first().textContent()).toBe(written(there(Date.now() - 30 * day)));
    expect(await page.getByLabel("Last day").inputValue()).toBe(yesterday.slice(0, 10));
  });

  it("finds under each day of noise what was measured on that day of the place", async () => {
    const { page } = await open("/air/noise?site=mill-road", "America/New_York");
    const canvas = page.getByRole("group", { name: /^Chart: / }).first();
    await canvas.focus();
    await page.keyboard.press("ArrowLeft");
    const last = page.getByRole("region", { name: "Levels by day" }).getByRole("rowheader").first();
    const shown = (await last.textContent()) ?? "";
    expect(shown).toBe(written(there(Date.now())));
    await soon(() => page.locator(".chart-readout").first().textContent()).toContain(shown);
  });

  it("validates the hours that were typed, by the clock of the place", async () => {
    const { page } = await open("/air/review", "America/New_York");
    await page.getByRole("button", { name: "Validate a period…" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByLabel("To").inputValue()).toBe(`${there(Date.now()).slice(0, 10)}T00:00`);
    await dialog.getByRole("button", { name: /Channel/ }).click();
    await page.getByRole("option", { name: "harbour: PM2.5 · air", exact: true }).click();
    const from = `${there(Date.now() - 20 * day).slice(0, 10)}T06:00`;
    await dialog.getByLabel("From").fill(from);
    await dialog.getByLabel("To").fill(from.replace("T06", "T09"));
    await dialog.getByRole("textbox", { name: "Reason" }).fill("checked against the log");
    await dialog.getByRole("button", { name: "Validate a period" }).click();
    await dialog.getByText(/06:00 to .*09:00/).waitFor();
    const { stations } = await json<{
      stations: { site: string; channels: { channel: { id: number; metric: string } }[] }[];
    }>("/air/stations");
    const channel = stations.find((s) => s.site === "harbour")?.channels.find((c) => c.channel.metric === "pm25")
      ?.channel.id;
    const { validations } = await json<{ validations: { from: number }[] }>(`/air/validations?channel=${channel}`);
    expect(there(validations[0]?.from ?? 0)).toBe(from);
  });
});

it("three days above a threshold are told by the first and the last of them", async () => {
  const { page } = await open("/open", "Asia/Shanghai");
  const first = Date.parse("2026-03-10T00:00Z") - offset * hour;
  const days = { from: first, to: first + 3 * day, length: 3, consecutive: 3, statistic: "day" };
  const episode = { ...days, law: "eu-2024-2881", kind: "alert", pollutant: "pm10", threshold: 90, peak: 120 };
  await page.route("**/api/v1/air/ledger*", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), episodes: [{ ...episode, provisional: true }] } });
  });
  await page.goto(`${hub.pageUrl}/air/ledger?site=mill-road`);
  const told = page.getByRole("region", { name: "Alert and information thresholds" }).getByRole("listitem");
  await told.getByText("10 Mar 2026 to 12 Mar 2026").waitFor();
});

it("a stretch that was chosen in a chart stays chosen while the clock goes on", async () => {
  const visit = await open("/open", "Asia/Shanghai");
  await visit.page.clock.install();
  await visit.page.goto(`${hub.pageUrl}/air/noise?site=mill-road`);
  const canvas = visit.page.getByRole("group", { name: /^Chart: / }).first();
  await canvas.focus();
  await visit.page.keyboard.press("+");
  const all = visit.page.getByRole("button", { name: "Show all" });
  await all.waitFor();
  await visit.page.clock.runFor(5000);
  expect(await all.count()).toBe(1);
  expect(await misfits(visit.page)).toEqual([]);
});

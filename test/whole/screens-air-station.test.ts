import { join } from "node:path";
import type { Hub } from "@openkerb/hub";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { fillAirStreet } from "./air-street.ts";
import { hubIn, madeFolder } from "./hub-bed.ts";
import { type Browser, barriers, misfits, openBrowser, soon, type Visit } from "./screens-browser.ts";

let browser: Browser;
let folder: Awaited<ReturnType<typeof madeFolder>>;
let hub: Hub;

/** Places, one place, their comparison and the report, on the real hub with weeks of readings in its real store. */
beforeAll(async () => {
  folder = await madeFolder();
  await fillAirStreet(join(folder.path, "data"), Date.now(), 3);
  hub = await hubIn(folder.path);
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

async function open(path: string, as: Parameters<Browser["visit"]>[1] & { chinese?: boolean } = {}): Promise<Visit> {
  const { chinese = false, ...rest } = as;
  const visit = await browser.visit(`${hub.pageUrl}/open`, { still: true, ...rest });
  await visit.page.evaluate(`localStorage.setItem("language", "${chinese ? "zh" : "en"}")`);
  await visit.page.goto(`${hub.pageUrl}${path}`);
  onTestFinished(() => visit.page.close());
  return visit;
}

const asked = ({ page }: Visit, word: string) => new URL(page.url()).searchParams.get(word);

describe("the places", () => {
  it("stand in a list with what they say now and lead to their station", async () => {
    const { page, complaints } = await open("/air");
    const list = page.getByRole("list", { name: /places/i });
    await soon(() => list.getByRole("listitem").count()).toBe(2);
    const row = list.getByRole("link", { name: /mill-road/ });
    await row.getByText("PM2.5").waitFor();
    await row
      .getByText(/^\d+(\.\d)?$/)
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await row.click();
    await page.getByRole("heading", { name: "mill-road", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/air/station/mill-road");
    expect(complaints).toEqual([]);
  });
});

describe("a station", () => {
  it("says its index by the law in force, in the band's official colour with the word, and by another law when asked", async () => {
    const visit = await open("/air/station/mill-road");
    const { page, complaints } = visit;
    const index = page.getByRole("region", { name: "The index" });
    await index.locator("strong", { hasText: "European AQI (2024)" }).waitFor();
    await index.getByText(/^Judged by: EEA/).waitFor();
    const word = (await index.locator(".air-number-band").innerText()).trim();
    const official: Record<string, string> = {
      Good: "rgb(80, 240, 230)",
      Fair: "rgb(80, 204, 170)",
      Moderate: "rgb(240, 230, 65)",
      Poor: "rgb(255, 80, 80)",
      "Very poor": "rgb(150, 0, 50)",
      "Extremely poor": "rgb(125, 33, 129)",
    };
    expect(Object.keys(official)).toContain(word);
    const fill = 'getComputedStyle(document.querySelector(".air-number-band rect")).fill';
    expect(await page.evaluate(fill)).toBe(official[word]);
    await index.getByRole("button", { name: /Index by/ }).click();
    await page.getByRole("option", { name: /^US AQI/ }).click();
    await index.locator("strong", { hasText: /^US AQI/ }).waitFor();
    expect(asked(visit, "law")).toMatch(/^us/);
    expect(complaints).toEqual([]);
  });

  it("names every line of a chart, has a strip of flags for each, and a table with coverage one key away", async () => {
    const { page } = await open("/air/station/mill-road");
    const chart = page.getByRole("region", { name: "PM2.5", exact: true });
    await chart.getByRole("listitem").filter({ hasText: "PM2.5 · air" }).waitFor();
    await chart.getByRole("listitem").filter({ hasText: "PM2.5 · bam" }).waitFor();
    await chart.getByRole("img", { name: "Quality flags over time: PM2.5 · bam" }).waitFor();
    const canvas = chart.getByRole("group", { name: /^Chart: µg\/m³, hourly means/ });
    await canvas.focus();
    await page.keyboard.press("ArrowLeft");
    await soon(() => chart.locator(".chart-readout").textContent()).toMatch(/PM2\.5 · air \d+\.\d µg\/m³/);
    await page.keyboard.press("t");
    const heads = chart.getByRole("region", { name: /^Table: / }).getByRole("columnheader");
    expect(await heads.allTextContents()).toContain("PM2.5 · bam: coverage");
    await chart.getByText("Where these values come from").click();
    await chart.getByText("kerb-01").first().waitFor();
    const csv = await chart.getByRole("link", { name: /CSV$/ }).first().getAttribute("href");
    const answer = await fetch(new URL(csv ?? "", hub.pageUrl));
    expect(answer.headers.get("content-type")).toContain("text/csv");
  });

  it("says below a chart which limits are drawn in it, with the values that stand at their lines", async () => {
    const { page } = await open("/air/station/mill-road");
    const chart = page.getByRole("region", { name: "PM10", exact: true });
    const legend = chart.getByRole("listitem");
    await soon(() => legend.allTextContents()).toEqual(
      expect.arrayContaining(["EU 2008/50 limit value, day: 50.0 µg/m³", "WHO 2021 guideline, day: 45.0 µg/m³"]),
    );
  });

  it("zooms all its charts by a drag into an address that a colleague can open, and back by a double click", async () => {
    const visit = await open("/air/station/mill-road");
    const { page } = visit;
    const chart = page.getByRole("group", { name: /^Chart: / }).first();
    await chart.waitFor();
    const box = await chart.boundingBox();
    if (!box) throw new Error("the chart has no size");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await soon(() => asked(visit, "from")).toMatch(/^\d{13}$/);
    const span = Number(asked(visit, "to")) - Number(asked(visit, "from"));
    expect(span).toBeLessThan(3 * 86_400_000);
    await page.reload();
    await chart.waitFor();
    expect(Number(asked(visit, "to")) - Number(asked(visit, "from"))).toBe(span);
    await chart.dblclick({ position: { x: box.width / 2, y: 40 } });
    await soon(() => asked(visit, "from")).toBeNull();
  });

  it("that is not here says so, with a way out", async () => {
    const { page } = await open("/air/station/nowhere");
    await page.getByText("There is no station “nowhere”").waitFor();
    await page.getByRole("link", { name: "All places", exact: true }).click();
    await page.getByRole("list", { name: /places/i }).waitFor();
  });
});

describe("the comparison", () => {
  it("lays places over one another, with difference, correlation and the sensor of each", async () => {
    const { page, complaints } = await open("/air/compare?sites=mill-road,harbour&metric=pm25");
    await page.getByRole("group", { name: /^Chart: / }).waitFor();
    const table = page.getByRole("table").first();
    await soon(() => table.getByRole("rowheader").allTextContents()).toEqual(
      expect.arrayContaining(["mill-road", "harbour"]),
    );
    expect(await table.textContent()).toMatch(/0\.\d\d/);
    expect(await page.locator(".air-legend").textContent()).toContain("PM2.5 · air");
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the report", () => {
  it("judges each day by its own law, says what it rests on, and can be signed on paper", async () => {
    const { page, complaints } = await open("/air/report?site=harbour");
    await page.getByRole("heading", { name: "Air quality at harbour" }).waitFor();
    await page.getByText("European AQI (2024)").first().waitFor();
    await page.getByText("Name, signature").waitFor();
    await page.getByText("kerb-02 · air").first().waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.emulateMedia({ media: "print" });
    // Paper has no doors.
    expect(await page.getByRole("navigation").filter({ visible: true }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

it("the printed report has at the foot of each page what it is a page of, and which", async () => {
  const { page, complaints } = await open("/air/report?site=harbour");
  const title = await page.getByRole("heading", { level: 1 }).textContent();
  const feet = `[...document.styleSheets, ...document.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSPageRule).flatMap((rule) => [...rule.cssRules])
    .map((rule) => rule.name + ": " + rule.style.content)`;
  await soon(() => page.evaluate<string[]>(feet)).toEqual(
    expect.arrayContaining([
      'bottom-right: counter(page) " / " counter(pages)',
      expect.stringMatching(new RegExp(`^bottom-left: "${title}, \\d+ \\w+ 20\\d\\d to `)),
    ]),
  );
  // Another page is not a page of this report.
  await page.getByRole("link", { name: "Back to the station" }).click();
  await soon(async () => (await page.evaluate<string[]>(feet)).filter((foot) => foot.includes("Air quality"))).toEqual(
    [],
  );
  expect(complaints).toEqual([]);
});

const pages = ["", "/station/mill-road", "/compare?sites=mill-road,harbour&metric=pm25", "/report?site=harbour"];

describe("each of these pages", () => {
  it.each(pages)("/air%s has no barrier in Chinese and in the dark", async (path) => {
    const { page, complaints } = await open(`/air${path}`, { chinese: true, dark: true });
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await soon(() => page.locator(".loading").count()).toBe(0);
    const words = await page.locator("main").innerText();
    expect(words.match(/\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/g)).toBeNull();
    // Nor is Chinese put together with the commas and colons of another language.
    expect(words.match(/[\u4e00-\u9fff）][,:;] .{0,9}/g)).toBeNull();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("the tables of the report and the comparison are read on a phone row by row, each value beside its label", async () => {
    for (const path of ["/air/report?site=mill-road", "/air/compare?sites=mill-road,harbour&metric=pm25"]) {
      const { page } = await open(path, { width: 390, height: 844 });
      await page.getByRole("table").last().waitFor();
      await soon(() => page.locator(".loading").count()).toBe(0);
      await soon(() => page.locator("tbody tr").count()).toBeGreaterThan(1);
      // A column pressed to the width of a word: narrow, and three lines high or more.
      const pressed = `[...document.querySelectorAll("tbody th, tbody td")]
        .filter((cell) => cell.offsetWidth < 100 && cell.offsetHeight > 60).map((cell) => cell.textContent)`;
      expect(await page.evaluate<string[]>(pressed)).toEqual([]);
      const labels = `[...document.querySelectorAll("tbody td")].filter((cell) => cell.textContent !== "")
        .map((cell) => getComputedStyle(cell, "::before").content)`;
      expect(new Set(await page.evaluate<string[]>(labels))).not.toContain("none");
    }
  });

  it.each(pages)("/air%s fits a phone", async (path) => {
    const { page } = await open(`/air${path}`, { width: 390, height: 844 });
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await soon(() => page.locator(".loading").count()).toBe(0);
    expect(await misfits(page)).toEqual([]);
    expect(await barriers(page)).toEqual([]);
  });
});

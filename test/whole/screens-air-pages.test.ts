import { join } from "node:path";
import { type Instant, millis } from "@openkerb/contract";
import type { Hub } from "@openkerb/hub";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { fillAirStreet } from "./air-street.ts";
import { hubIn, madeFolder, until, visitor } from "./hub-bed.ts";
import { type Browser, barriers, misfits, openBrowser, soon, type Visit } from "./screens-browser.ts";

const hour = 3_600_000;
const day = 24 * hour;

let browser: Browser;
let folder: Awaited<ReturnType<typeof madeFolder>>;
let hub: Hub;
/** The hub's clock goes on by hours, so that forecasts are made and some of their hours come. */
let ahead = 0;

/** The officers' pages on the real hub, with weeks of readings in its real store. */
beforeAll(async () => {
  folder = await madeFolder();
  await fillAirStreet(join(folder.path, "data"), Date.now() + 4 * hour);
  hub = await hubIn(folder.path, {}, { now: () => (Date.now() + ahead) as Instant, watchEvery: millis(200) });
  browser = await openBrowser();
  // The tests of quality run by themselves, a little at a time.
  await until(async () => {
    const { items } = await json<{ items: { tests: { test: string }[] }[] }>("/air/review?state=all");
    expect(items.some((i) => i.tests.some((t) => t.test === "flat_line"))).toBe(true);
    expect(items.some((i) => i.tests.some((t) => t.test === "spike"))).toBe(true);
  }, 120_000);
  let known = 0;
  for (const hours of [0, 1, 2]) {
    ahead = hours * hour;
    await until(async () => expect(await knownUntil()).toBeGreaterThan(known), 120_000);
    known = await knownUntil();
  }
}, 300_000);
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

const json = async <T>(path: string): Promise<T> =>
  (await fetch(new URL(`/api/v1${path}`, hub.pageUrl))).json() as Promise<T>;
/** The last hour that the forecast of PM2.5 knew; 0 while there is none. */
async function knownUntil(): Promise<number> {
  const { channels } = await json<Forecasts>("/air/forecast?site=mill-road&metric=pm25");
  return channels[0]?.result.from ?? 0;
}
type Forecasts = {
  channels: { result: { from?: number; horizons: { warning: { kind: string } }[] } }[];
};
type Doubt = {
  readonly id: number;
  readonly state: string;
  readonly from: number;
  readonly to: number;
  readonly channel: { readonly id: number };
};
const doubts = async (state = "open"): Promise<Doubt[]> =>
  (await json<{ items: Doubt[] }>(`/air/review?state=${state}`)).items;

async function open(
  path: string,
  as: Parameters<Browser["visit"]>[1] & { language?: "en" | "zh" } = {},
): Promise<Visit> {
  const { language = "en", ...rest } = as;
  const visit = await browser.visit(`${hub.pageUrl}/open`, { still: true, ...rest });
  await visit.page.evaluate(`localStorage.setItem("language", "${language}")`);
  await visit.page.goto(`${hub.pageUrl}${path}`);
  onTestFinished(() => visit.page.close());
  return visit;
}

describe("the review queue", () => {
  it("is worked through by keyboard: j, k, and a, which keeps the tests' word in the officer's name", async () => {
    const [first, second] = await doubts();
    const { page, complaints } = await open("/air/review");
    await page.locator(`#doubt-${first?.id}`).waitFor();
    await page.keyboard.press("j");
    await page.waitForURL(`**/air/review/${first?.id}`);
    await page.keyboard.press("j");
    await page.waitForURL(`**/air/review/${second?.id}`);
    await page.keyboard.press("k");
    await page.waitForURL(`**/air/review/${first?.id}`);
    await page
      .getByRole("region", { name: "What the tests say" })
      .getByText(/^Tested by settings [0-9a-z-]+/)
      .waitFor();
    await page.keyboard.press("a");
    await page.getByText("local left it as the tests say").waitFor();
    await page.getByRole("region", { name: "Who did what" }).getByText("accepted", { exact: false }).first().waitFor();
    await soon(async () => (await doubts("decided")).map((d) => d.id)).toContain(first?.id);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("tells its own keys when asked, and another page tells none that do nothing there", async () => {
    const { page } = await open("/air/review");
    const keys = page.getByRole("dialog", { name: "Keys" });
    for (const [path, told] of [
      ["/air/review", 1],
      ["/air/ledger", 0],
    ] as const) {
      await page.goto(`${hub.pageUrl}${path}`);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await page.keyboard.press("?");
      await keys.getByText("show these keys").waitFor();
      for (const does of [
        "next doubt",
        "previous doubt",
        "accept what the tests say",
        "override it with a flag and a reason",
      ])
        expect(await keys.getByText(does).count()).toBe(told);
      expect(await keys.getByText("acknowledge the alert").count()).toBe(0);
    }
    expect(await barriers(page)).toEqual([]);
  });

  it("overrides only with a reason, and the reason stays in the history", async () => {
    const [doubt] = await doubts();
    const { page } = await open(`/air/review/${doubt?.id}`);
    await page.getByRole("button", { name: /^Override/ }).waitFor();
    await page.keyboard.press("o");
    const dialog = page.getByRole("dialog");
    const button = dialog.getByRole("button", { name: "Override" });
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByRole("textbox").fill("street works beside the inlet");
    await dialog.getByText("bad", { exact: true }).click();
    expect(await barriers(page)).toEqual([]);
    await button.click();
    await page.getByText("local decided: bad").waitFor();
    await page.getByText("“street works beside the inlet”").waitFor();
  });

  it("tells who was slower kindly, with what was decided", async () => {
    const [doubt] = await doubts();
    const { page } = await open(`/air/review/${doubt?.id}`);
    await page.getByRole("button", { name: /^Accept/ }).waitFor();
    const other = await visitor(hub.pageUrl);
    const answer = await other.post(`/api/v1/air/review/${doubt?.id}`, {
      do: "override",
      flag: 1,
      reason: "a barbecue",
    });
    expect(answer.status).toBe(200);
    await page.getByRole("button", { name: /^Accept/ }).click();
    const told = page.getByRole("alert");
    await told.getByText("Somebody was faster").waitFor();
    expect(await told.textContent()).toContain("a barbecue");
    await page.getByText("local decided: good").waitFor();
  });

  it("shows device, tests and what counts of each reading behind the chart", async () => {
    const all = await json<{ items: (Doubt & { tests: { test: string }[] })[] }>("/air/review?state=all");
    const stuck = all.items.find((i) => i.tests.some((t) => t.test === "flat_line"));
    const { page } = await open(`/air/review/${stuck?.id}`);
    await page.getByText("Stands still for hours").waitFor();
    const chart = page.getByRole("group", { name: /^Chart:/ });
    await chart.focus();
    await page.keyboard.press("ArrowRight");
    await soon(() => page.locator(".chart-readout").textContent()).toMatch(/µg\/m³/);
    await page.keyboard.press("t");
    const table = page.getByRole("region", { name: /^Table:/ });
    expect(await table.getByRole("columnheader").allTextContents()).toEqual(["Time", "Value", "Flag", "Box", "Tests"]);
    expect(await table.getByRole("cell", { name: "suspect" }).count()).toBeGreaterThan(3);
  });

  it("refuses to validate a time with open doubts, in words", async () => {
    const { page } = await open("/air/review");
    await page.getByRole("button", { name: "Validate a period…" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("checked against the log");
    const [doubt] = (await doubts()).filter((d) => d.channel.id === 1);
    await dialog.getByLabel("From").fill(local((doubt?.from ?? 0) - 3_600_000));
    await dialog.getByRole("button", { name: /Channel/ }).click();
    await page.getByRole("option", { name: "mill-road: PM2.5 · air", exact: true }).click();
    await dialog.getByRole("button", { name: "Validate a period" }).click();
    await dialog
      .getByRole("alert")
      .getByText(/doubts in that time/)
      .waitFor();
    const own = (await doubts("all")).filter((d) => d.channel.id === 1);
    const from = [...Array(25).keys()]
      .map((n) => Date.now() - (n + 2) * day)
      .find((at) => !own.some((d) => d.from < at + day && d.to > at));
    await dialog.getByLabel("From").fill(local(from ?? 0));
    await dialog.getByLabel("To").fill(local((from ?? 0) + day));
    await dialog.getByRole("button", { name: "Validate a period" }).click();
    await dialog.getByText("“checked against the log”").waitFor();
  });
});

/** A moment as a field for day and time wants it, by the clock of the place, which is that of UTC here. */
const local = (at: number): string => new Date(at).toISOString().slice(0, 16);

describe("the ledger", () => {
  it("says of every figure what was permitted, used and left, and what that rests on", async () => {
    const { page, complaints } = await open("/air/ledger?site=mill-road");
    const limits = page.getByRole("region", { name: "Limits in force" });
    const no2 = limits.getByRole("listitem").filter({ hasText: "NO₂ · hour" }).first();
    await no2.getByText("exceeded").waitFor();
    expect(await no2.textContent()).toMatch(/\d+ of 18 used · \d+ over/);
    expect(await no2.textContent()).toContain("all provisional");
    await no2.getByRole("button", { name: /exceedances/ }).click();
    await no2.getByRole("cell", { name: "provisional" }).first().waitFor();
    const year = limits.getByRole("listitem").filter({ hasText: "PM2.5 · year" }).first();
    expect(await year.textContent()).toContain("not available");
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("replays the year under another law by its address", async () => {
    const { page } = await open("/air/ledger?site=mill-road&law=gb-3095-2012");
    await page.getByText(/judged as if GB 3095-2012/).waitFor();
    await page.getByRole("button", { name: /Law/ }).click();
    await page.getByRole("option", { name: "Every day by its own law" }).click();
    await page.waitForURL(/^((?!law=).)*$/);
    await page.getByRole("button", { name: /Year/ }).click();
    await page.getByRole("option", { name: "2020" }).click();
    await page.getByRole("heading", { name: /Nothing was measured in that year|No law of this place/ }).waitFor();
  });
});

describe("the colocation workbench", () => {
  const compare = async (page: Visit["page"], sensor: string, reference: string): Promise<void> => {
    await page
      .getByRole("button", { name: /^Choose … Sensor|Sensor/ })
      .first()
      .click();
    await page.getByRole("option", { name: sensor, exact: true }).click();
    await page.getByRole("button", { name: /Which channel/ }).click();
    await page.getByRole("option", { name: reference, exact: true }).click();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
  };

  it("accepts a sensor that follows its reference, and its calibration can be used and ended with a reason", async () => {
    const { page, complaints } = await open("/air/colocation");
    await compare(page, "mill-road: PM2.5 · air", "mill-road: PM2.5 · bam");
    await page.getByRole("heading", { name: "The calibration is accepted" }).waitFor();
    await page.getByRole("img", { name: /^Sensor over reference: slope/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    const report = await page.getByRole("link", { name: "Report to print" }).getAttribute("href");
    expect((await fetch(new URL(report ?? "", hub.pageUrl))).status).toBe(200);
    await page.getByRole("button", { name: /Use this calibration/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("four weeks beside the reference");
    await dialog.getByRole("button", { name: "Apply a correction" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "All comparisons" }).click();
    const uses = page.getByRole("region", { name: "Corrections" });
    await uses.getByText(/colocation-\d+@1/).waitFor();
    await uses.getByRole("button", { name: "End…" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("new inlet");
    await page.getByRole("dialog").getByRole("button", { name: "End", exact: true }).click();
    await uses.getByText(/ended/).waitFor();
    expect(complaints).toEqual([]);
  });

  it("lets a second correction of a channel begin only in place of the first, when that is ticked", async () => {
    const officer = await visitor(hub.pageUrl);
    const stretch = { from: Date.now() - 20 * day, to: Date.now() };
    const made = await officer.post("/api/v1/air/colocations", { sensor: 1, reference: { channel: 3 }, ...stretch });
    const first = { colocation: (made.body as { colocation: { id: number } }).colocation.id };
    const order = { channel: 1, correction: first, from: Date.now() + 2 * day, reason: "from the day after tomorrow" };
    expect((await officer.post("/api/v1/air/corrections", order)).status).toBe(200);
    const { page } = await open("/air/colocation");
    await compare(page, "mill-road: PM2.5 · air", "mill-road: PM2.5 · bam");
    await page.getByRole("button", { name: /Use this calibration/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("the newer one");
    await dialog.getByRole("button", { name: "Apply a correction" }).click();
    await dialog.getByText(/a channel has one correction at a time: let the new one take its place/).waitFor();
    await dialog
      .getByRole("checkbox", { name: new RegExp(`Take the place of .*colocation-${first.colocation}@1`) })
      .check();
    expect(await barriers(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Apply a correction" }).click();
    await dialog.waitFor({ state: "hidden" });
    const { uses } = await json<{ uses: { id: number; correction: string; from: number; to?: number }[] }>(
      "/air/corrections?channel=1",
    );
    const [old, now] = [uses.findLast((u) => u.correction === `colocation-${first.colocation}@1`), uses.at(-1)];
    expect([old?.to, now?.to]).toEqual([old?.from, undefined]);
    expect((await officer.post(`/api/v1/air/corrections/${now?.id}/end`, { reason: "enough" })).status).toBe(200);
  });

  it("refuses a dead cell with the reasons, which has no use button", async () => {
    const { page } = await open("/air/colocation");
    await compare(page, "mill-road: NO₂ · old-cell", "mill-road: NO₂ · gases");
    await page.getByRole("heading", { name: "No calibration: refused" }).waitFor();
    await page
      .getByText(/R² is .* below 0\.7/)
      .first()
      .waitFor();
    expect(await page.getByRole("button", { name: /Use this calibration/ }).count()).toBe(0);
  });

  it("takes a table as reference, and says what is wrong with one that is none", async () => {
    const { page } = await open("/air/colocation");
    await page
      .getByRole("button", { name: /Sensor/ })
      .first()
      .click();
    await page.getByRole("option", { name: "harbour: PM2.5 · air", exact: true }).click();
    await page.getByText("A table (CSV)").click();
    const send = async (text: string): Promise<void> => {
      await page
        .locator("input[type=file]")
        .setInputFiles({ name: "bam.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      await page.getByText(/^bam\.csv, /).waitFor();
      await page.getByRole("button", { name: "Compare", exact: true }).click();
    };
    await send("this is\nno table at all\n");
    await page.getByRole("alert").getByText(/table/).waitFor();
    const hours = await json<{ lines: { channel: { id: number }; bins: { from: number; mean?: number }[] }[] }>(
      `/air/series?site=harbour&metric=pm25&from=${Date.now() - 14 * day}&to=${Date.now()}&points=336`,
    );
    const rows = (hours.lines[0]?.bins ?? []).map((b) => `${new Date(b.from).toISOString()},${(b.mean ?? 0) * 0.9}`);
    await send(`time,value\n${rows.join("\n")}\n`);
    await page
      .getByRole("heading", { name: /calibration/i })
      .first()
      .waitFor();
    await page.getByText("bam.csv").first().waitFor();
  });
});

describe("the noise page", () => {
  it("holds each day against WHO 2018 and GB 3096, and says which days have too few hours", async () => {
    const { page, complaints } = await open("/air/noise?site=mill-road");
    const whole = page.getByRole("region", { name: "Whole period" });
    await soon(() => whole.getByText("WHO 2018").count()).toBe(2);
    await whole.getByText("GB 3096").first().waitFor();
    const table = page.getByRole("region", { name: "Levels by day" });
    expect(await table.getByText("too few hours").count()).toBeGreaterThan(0);
    expect(await table.getByText(/Lden \+\d+\.\d/).count()).toBeGreaterThan(5);
    await page.getByRole("button", { name: /Time/ }).click();
    await page.getByRole("option", { name: "7 days" }).click();
    await page.waitForURL(/days=7/);
    await soon(() => table.locator("tbody tr").count()).toBe(7);
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("shows how noise is spread over the third octaves, and which band may be a tone", async () => {
    const { page, complaints } = await open("/air/noise?site=mill-road");
    const spectrum = page.getByRole("region", { name: "Third octaves" });
    await spectrum.getByText("Perhaps a tone: 100 Hz at night.").waitFor();
    await spectrum.getByText("The bands as a table").click();
    const table = spectrum.getByRole("region", { name: "The bands as a table" });
    expect(await table.locator("tbody tr").count()).toBe(27);
    const row = table.getByRole("row", { name: /^100 Hz/ });
    const [byDay, , atNight] = await row.getByRole("cell").allTextContents();
    expect(Number(byDay)).toBeGreaterThan(20);
    expect(Number(atNight)).toBeGreaterThan(20);
    expect(await barriers(page)).toEqual([]);
    expect(await misfits(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("says when a place measures no noise", async () => {
    const { page } = await open("/air/noise?site=harbour");
    await page.getByRole("heading", { name: "This place measures no noise" }).waitFor();
  });
});

describe("the forecast page", () => {
  it("shows the next hours beside the record of such forecasts, and why a warning is withheld", async () => {
    const { page, complaints } = await open("/air/forecast?site=mill-road");
    await page.getByRole("group", { name: /^Chart: .*means of an hour/ }).waitFor();
    const record = page.getByRole("region", { name: "Record" }).first();
    expect(await record.getByRole("rowheader", { name: /^\d+ h ahead$/ }).allTextContents()).toEqual(
      [1, 3, 6, 12, 24].map((h) => `${h} h ahead`),
    );
    await record.getByRole("rowheader", { name: "1 h, last 30 days" }).waitFor();
    const { channels } = await json<Forecasts>("/air/forecast?site=mill-road");
    const kinds = channels[0]?.result.horizons.map((h) => h.warning.kind) ?? [];
    const words: Record<string, string> = { issued: "warning", "not-expected": "not expected", withheld: "withheld" };
    const rows = page.getByRole("region", { name: "Warnings" }).getByRole("listitem");
    expect(await rows.locator(".warning-kind").allInnerTexts()).toEqual(kinds.map((k) => words[k]));
    await page
      .getByRole("region", { name: "What earlier forecasts said" })
      .getByRole("group", { name: /^Chart/ })
      .waitFor();
    await page.getByText("An association, not a cause").waitFor();
    await page.getByRole("img", { name: /over vehicles an hour/ }).waitFor();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("forecasts what a sensor says itself, says so where it is corrected too, and offers nothing that never comes", async () => {
    const officer = await visitor(hub.pageUrl);
    const stretch = { from: Date.now() - 20 * day, to: Date.now() };
    const made = await officer.post("/api/v1/air/colocations", { sensor: 1, reference: { channel: 3 }, ...stretch });
    const { colocation } = made.body as { colocation: { id: number } };
    // Not while another correction of that channel was in use.
    const from = Date.now() + ahead;
    const order = { channel: 1, correction: { colocation: colocation.id }, from, reason: "beside it" };
    expect((await officer.post("/api/v1/air/corrections", order)).status).toBe(200);
    const { channels } = await json<{ channels: { channel: { correction?: string } }[] }>(
      "/air/forecast?site=mill-road&metric=pm25",
    );
    expect(channels.some((c) => c.channel.correction !== undefined)).toBe(true);
    const { page } = await open("/air/forecast?site=mill-road");
    await page.getByText("its corrected values are not forecast").waitFor();
    await page.getByRole("button", { name: /What/ }).first().click();
    await page.getByRole("option", { name: "PM2.5 · air", exact: true }).waitFor();
    expect(await page.getByRole("option", { name: /corrected/ }).count()).toBe(0);
  });

  it("says why there is no forecast of what has too few hours, and still shows the rest", async () => {
    const { page } = await open("/air/forecast?site=mill-road");
    await page.getByRole("button", { name: /What/ }).first().click();
    await page.getByRole("option", { name: /LAeq/ }).click();
    await page.waitForURL(/channel=7/);
    await page.getByRole("heading", { name: "No forecast here" }).waitFor();
    await page.getByText(/1440 \(60 days\) are needed/).waitFor();
    await page.getByRole("region", { name: /Unusual hours/ }).waitFor();
  });
});

const pages = ["review", "ledger?site=mill-road", "colocation", "noise?site=mill-road", "forecast?site=mill-road"];
const titles = {
  review: "质量控制",
  ledger: "超标台账",
  colocation: "平行比对",
  noise: "噪声",
  forecast: "预报",
} as const;

describe("every page of the officers", () => {
  it.each(pages)("%s speaks Chinese, throughout and without barriers", async (path) => {
    const { page, complaints } = await open(`/air/${path}`, { language: "zh", dark: true });
    const title = titles[path.split("?")[0] as keyof typeof titles];
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
    await soon(() => page.locator(".loading").count()).toBe(0);
    // Whole English sentences would be ones nobody translated.
    const words = await page.locator("main").innerText();
    expect(words.match(/\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/g)).toBeNull();
    // Nor is Chinese put together with the commas and colons of another language.
    expect(words.match(/[\u4e00-\u9fff）][,:;] .{0,9}/g)).toBeNull();
    expect(await barriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it.each(pages)("%s fits a phone", async (path) => {
    const { page } = await open(`/air/${path}`, { width: 390, height: 844 });
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await soon(() => page.locator(".loading").count()).toBe(0);
    expect(await misfits(page)).toEqual([]);
    // What the bar at the bottom lies over is reached by scrolling; here all of it is seen at once.
    await page.setViewportSize({ width: 390, height: 9000 });
    expect(await barriers(page)).toEqual([]);
  });

  it("says that the hub is away and offers another try, and an old answer says that it is old", async () => {
    const { page } = await open("/air/noise?site=mill-road");
    await page.getByRole("region", { name: "Whole period" }).waitFor();
    await page.route("**/api/v1/air/noise*", (route) => route.abort());
    await page.getByRole("button", { name: /Time/ }).click();
    await page.getByRole("option", { name: "90 days" }).click();
    await page.getByRole("alert").getByText("The hub does not answer.", { exact: false }).waitFor();
    await page.unroute("**/api/v1/air/noise*");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("region", { name: "Whole period" }).waitFor();
  });
});

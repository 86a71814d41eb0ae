import { type MockHub, startMockHub } from "@openkerb/web/mock-hub";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type Browser, barriers, openBrowser, soon, type Visit } from "./screens-browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser[Symbol.asyncDispose]());

async function open(
  path: string,
  as?: Parameters<Browser["visit"]>[1],
): Promise<Visit & { url: string; hub: MockHub }> {
  const hub = await startMockHub({ places: 2 });
  hub.raise({ id: "blind" });
  const visit = await browser.visit(`${hub.url}${path}`, as);
  onTestFinished(async () => {
    await visit.page.evaluate("localStorage.clear()");
    await visit.page.close();
    await hub[Symbol.asyncDispose]();
  });
  return { ...visit, hub, url: hub.url };
}

const langOf = ({ page }: Visit) => page.evaluate("document.documentElement.lang");
const choose = async ({ page }: Visit): Promise<void> => {
  await page.getByRole("button", { name: "Language: English. Change to 简体中文" }).click();
  await page.getByRole("link", { name: "值班台" }).waitFor();
};

it("changes to Chinese at once, keeps it over a reload, and changes back", async () => {
  const visit = await open("/desk/alert/blind");
  const { page } = visit;
  await page.getByRole("heading", { name: "Lamp post 12 sees nothing", level: 1 }).waitFor();
  expect(await langOf(visit)).toBe("en");
  await choose(visit);
  await page.getByRole("heading", { name: "Lamp post 12 看不到画面", level: 1 }).waitFor();
  await page.getByRole("button", { name: /^确认/ }).waitFor();
  expect(await langOf(visit)).toBe("zh-Hans");
  // What the hub said is Chinese from title to advice; what nobody can translate is read aloud as the English it is.
  const words = page.locator(".alert-sentence, .alert-words dd:not(:has(a, time))");
  expect(await words.allTextContents()).toEqual([
    "Mill Road junction Lamp post 12 已有 4 分钟看不到画面：镜头被遮挡，或夜间无照明。",
    "其间该处不计数；这段时间按缺测显示，而非无人无车。",
    "请派人查看，或标为计划内作业。",
  ]);
  expect(await page.locator(".pane [lang]").count()).toBe(0);
  visit.hub.raise({ id: "blind" }, { sentence: "It sees pigs fly." });
  await soon(() => page.locator('.alert-sentence > [lang="en"]').allTextContents()).toEqual(["It sees pigs fly."]);
  await page.reload();
  await page.getByRole("heading", { name: "Lamp post 12 看不到画面", level: 1 }).waitFor();
  expect(await page.title()).toBe("值班台 · OpenKerb");
  await page.getByRole("button", { name: "语言：简体中文。切换为 English" }).click();
  await page.getByRole("heading", { name: "Lamp post 12 sees nothing", level: 1 }).waitFor();
  expect(visit.complaints).toEqual([]);
});

const doors = [
  ["/desk", "全部点位"],
  ["/desk/place/mill-road", "今日"],
  ["/boxes/kerb-01", "监看"],
  ["/open/mill-road", "我们拒绝做的事"],
  ["/nowhere", "没有这个页面"],
] as const;

/** Words of the screens, not of a place: a letter of the alphabet in them is a text that was forgotten. */
const chrome = `[...document.querySelectorAll(":not(.place-lines *) > dt, th[scope=col], .button, .segment, .tabs a, .section-head, .rail-item, .check-reason, .refusals")]
  .filter((e) => !e.querySelector("[lang]") && e.offsetParent !== null)
  .map((e) => e.textContent.trim())
  .filter((t) => /[A-Za-z]{4}/.test(t))`;

it.each([1440, 390])("leaves no English behind on a Chinese screen %i pixels wide, and no barrier", async (width) => {
  const visit = await open("/desk", { width });
  await choose(visit);
  const found: Record<string, string[]> = {};
  for (const [path, heading] of doors) {
    await visit.page.goto(`${visit.url}${path}`);
    await visit.page.getByRole("heading", { name: heading }).first().waitFor();
    const wrong = [...(await visit.page.evaluate<string[]>(chrome)), ...(await barriers(visit.page))];
    if (wrong.length > 0) found[path] = wrong;
  }
  expect(found).toEqual({});
  expect(visit.complaints).toEqual([]);
});

it("lets the keyboard go from a chart to its table and back", async () => {
  const { page } = await open("/desk/place/mill-road");
  const chart = page.getByRole("group", { name: /^Chart: steps per minute/ }).first();
  await chart.focus();
  await page.keyboard.press("t");
  await page.getByRole("region", { name: "Table: steps per minute" }).waitFor();
  const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')");
  await soon(focused).toBe("Table: steps per minute");
  await page.keyboard.press("t");
  await soon(focused).toMatch(/^Chart: steps per minute/);
});

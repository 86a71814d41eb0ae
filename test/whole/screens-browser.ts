import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

const chromiumPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const quietly = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Asks until it is so; the time is only for machines with much else to do. */
export const soon = <T>(ask: () => T, message?: string) =>
  expect.poll(ask, { timeout: 15_000, ...(message === undefined ? {} : { message }) });

/** The set-up builds the screens; without it a test would show yesterday's page or none. */
export function mustBeBuilt(): void {
  const page = fileURLToPath(new URL("../../hub/web/dist/index.html", import.meta.url));
  if (!existsSync(page)) throw new Error("The screens are not built: npm run build -w @openkerb/web");
}

export type Visit = { readonly page: Page; readonly complaints: string[] };
export type Browser = AsyncDisposable & {
  /** Opens an address in a page of its own and writes down everything the browser complains about. */
  visit(url: string, as?: { width?: number; height?: number; dark?: boolean; still?: boolean }): Promise<Visit>;
  readonly context: BrowserContext;
};

export async function openBrowser(): Promise<Browser> {
  mustBeBuilt();
  const executablePath = chromiumPaths.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`No Chromium here, looked for ${chromiumPaths.join(", ")}`);
  const folder = await mkdtemp(join(tmpdir(), "openkerb-browser-"));
  const context = await chromium.launchPersistentContext(folder, { executablePath, args: quietly });
  context.setDefaultTimeout(20_000);
  return {
    context,
    async visit(url, { width = 1440, height = 900, dark = false, still = false } = {}) {
      const page = await context.newPage();
      const complaints: string[] = [];
      const home = new URL(url).origin;
      page.on("console", (m) => m.type() === "error" && complaints.push(`console: ${m.text()}`));
      page.on("pageerror", (err) => complaints.push(`error: ${err.message}`));
      page.on("request", (r) => {
        if (!r.url().startsWith(home) && !r.url().startsWith("data:")) complaints.push(`asked elsewhere: ${r.url()}`);
      });
      await page.addInitScript(
        'document.addEventListener("securitypolicyviolation", (e) => console.error("policy: " + e.violatedDirective + " " + e.blockedURI))',
      );
      await page.setViewportSize({ width, height });
      await page.emulateMedia({
        colorScheme: dark ? "dark" : "light",
        reducedMotion: still ? "reduce" : "no-preference",
      });
      await page.goto(url);
      return { page, complaints };
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// What runs in the page is text: this folder's types know nothing of a browser, and need not.
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const runAxe = (only: object): string =>
  `axe.run(document, ${JSON.stringify({ resultTypes: ["violations"], runOnly: only })}).then((r) =>
    r.violations.map((v) => v.id + ": " + v.help + " at " + v.nodes.map((n) => n.target.join(" ")).join(", ")))`;

/** Everything WCAG 2.2 AA asks that a machine can check, contrast among it: one line for each thing that is wrong. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(runAxe({ type: "tag", values: tags }));
}

/** Words that are too faint on their ground. */
export async function faint(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(runAxe({ type: "rule", values: ["color-contrast"] }));
}

const lookForMisfits = `[
  ...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["it scrolls sideways"] : []),
  ...[...document.querySelectorAll("img, video, picture, canvas, object, iframe")]
    .filter((e) => !e.closest(".chart-canvas"))
    .map((e) => e.outerHTML),
]`;

/** What does not fit the width, and whatever could be a picture of the street: nothing but a chart is drawn. */
export const misfits = (page: Page): Promise<string[]> => page.evaluate<string[]>(lookForMisfits);

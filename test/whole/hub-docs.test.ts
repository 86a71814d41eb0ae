import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, hubIn, madeFolder } from "./hub-bed.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    // biome-ignore format: one option after the other
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});
afterAll(() => browser.close());

describe("the description of the API", () => {
  it("opens in a browser under the strict policy, lists the routes and tries one out", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || /Content.Security.Policy/i.test(message.text()))
        complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("requestfailed", (request) => complaints.push(`${request.url()} ${request.failure()?.errorText}`));
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(hub.pageUrl) && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    await page.goto(`${hub.pageUrl}/docs`);
    await page.getByText("/api/v1/alerts/{id}/steps").waitFor();
    await page.getByText("Who is asking").click();
    await page.getByRole("button", { name: "Try it out" }).click();
    await page.getByRole("button", { name: "Execute" }).click();
    await page.getByText('"person": "local"').first().waitFor();
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
    await page.close();
  });

  it("names every route of the contract", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    const { body } = await ask(hub.pageUrl, "/docs/json");
    const { paths } = body as { paths: Record<string, Record<string, { summary?: string; responses: object }>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((m) => `${m} ${path}`));
    expect(routes.sort()).toEqual([
      "delete /api/v1/session",
      "get /api/v1/air/anomalies",
      "get /api/v1/air/association",
      "get /api/v1/air/audit",
      "get /api/v1/air/colocations",
      "get /api/v1/air/colocations/{id}",
      "get /api/v1/air/colocations/{id}/report",
      "get /api/v1/air/corrections",
      "get /api/v1/air/export",
      "get /api/v1/air/export.geojson",
      "get /api/v1/air/export/metadata",
      "get /api/v1/air/forecast",
      "get /api/v1/air/index",
      "get /api/v1/air/ledger",
      "get /api/v1/air/limits",
      "get /api/v1/air/noise",
      "get /api/v1/air/review",
      "get /api/v1/air/review/{id}",
      "get /api/v1/air/series",
      "get /api/v1/air/stations",
      "get /api/v1/air/validations",
      "get /api/v1/alerts",
      "get /api/v1/alerts/{id}",
      "get /api/v1/counts",
      "get /api/v1/devices",
      "get /api/v1/events",
      "get /api/v1/people",
      "get /api/v1/session",
      "get /api/v1/sites",
      "get /api/v1/stream",
      "get /livez",
      "get /metrics",
      "get /openaq/v3/sensors/{id}/hours",
      "get /readyz",
      "get /sta/v1.1",
      "get /sta/v1.1/{*}",
      "post /api/v1/air/colocations",
      "post /api/v1/air/corrections",
      "post /api/v1/air/corrections/{id}/end",
      "post /api/v1/air/reports",
      "post /api/v1/air/review/{id}",
      "post /api/v1/air/validations",
      "post /api/v1/air/validations/{id}/withdraw",
      "post /api/v1/alerts/{id}/steps",
      "post /api/v1/session",
    ]);
    for (const methods of Object.values(paths))
      for (const route of Object.values(methods)) expect(route.summary).toBeTruthy();
  });
});

import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { fillAirStreet } from "./air-street.ts";
import { type Answer, ask, hubIn, madeFolder, until, visitor } from "./hub-bed.ts";

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

  it("says of every question about air and noise what really comes back: status, kind and shape", async () => {
    await using folder = await madeFolder();
    const end = Date.now();
    await fillAirStreet(join(folder.path, "data"), end, 1);
    await using hub = await hubIn(folder.path);
    const page = await visitor(hub.pageUrl);
    const span = { from: end - 7 * 86_400_000, to: end };
    const made = await page.post("/api/v1/air/colocations", { sensor: 1, reference: { channel: 3 }, ...span });
    expect(made.status).toBe(200);
    await until(async () => {
      expect((await page.go("/api/v1/air/review")).body).toMatchObject({ items: [{}, {}] });
    });
    const { body } = await page.go("/docs/json");
    const { paths } = body as { paths: Record<string, { get?: Operation }> };
    // What the page of the documentation cannot know: which place and channel there are, and when they measured.
    const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const known: Record<string, string | number> = {
      ...span,
      site: "mill-road",
      channel: 1,
      span: "hour",
      year: day(end).slice(0, 4),
    };
    const given = (path: string, { name, example }: Parameter): string =>
      String(
        name === "from" || name === "to"
          ? path.endsWith("/noise")
            ? day(span[name])
            : span[name]
          : (known[name] ?? example),
      );
    const wrong: string[] = [];
    const check = (
      asked: string,
      { responses }: Operation,
      { status, headers, body, text }: Answer,
      wanted: number,
    ): void => {
      const kind = String(headers["content-type"]).split(";")[0] ?? "";
      const content = responses[status]?.content;
      const schema = content?.[kind]?.schema;
      if (status !== wanted) wrong.push(`${asked} answers ${status}, not ${wanted}: ${text.slice(0, 200)}`);
      else if (!schema)
        wrong.push(
          `${asked} answers ${status} as ${kind}; said is ${status in responses ? Object.keys(content ?? {}) : "nothing"}`,
        );
      else if (Object.keys(schema).length === 0) wrong.push(`${asked}: nothing is said of the shape of ${kind}`);
      else {
        const read = z.fromJSONSchema(schema as never).safeParse(body ?? text);
        if (!read.success) wrong.push(`${asked} is not as said: ${z.prettifyError(read.error).slice(0, 300)}`);
      }
    };
    let asked = 0;
    for (const [path, { get: operation }] of Object.entries(paths)) {
      if (!operation || !/\/air\/|\/openaq\//.test(path)) continue;
      const parameters = operation.parameters ?? [];
      const required = parameters.filter((p) => p.in === "query" && p.required);
      const words = required.map((p) => `${p.name}=${encodeURIComponent(given(path, p))}`);
      const at = (id: string, query: readonly string[]) =>
        `${path.replace("{id}", id)}${query.length > 0 ? `?${query.join("&")}` : ""}`;
      const ask = async (question: string, wanted: number) =>
        check(question, operation, await page.go(question), wanted);
      await ask(at("1", words), 200);
      if (parameters.some((p) => p.in === "query")) await ask(at("1", [...words, "nobody=named-this"]), 400);
      if (path.includes("{id}")) {
        await ask(at("x", words), 400);
        await ask(at("999999", words), 404);
      }
      for (const { name } of parameters.filter((p) => p.name === "site" || p.name === "channel"))
        await ask(
          at("1", [
            ...words.filter((w) => !w.startsWith(`${name}=`)),
            `${name}=${name === "site" ? "nowhere" : 999_999}`,
          ]),
          404,
        );
      asked++;
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(18);
  });
});

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly example?: unknown;
};
type Operation = {
  readonly parameters?: readonly Parameter[];
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
};

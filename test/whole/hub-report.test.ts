import { join } from "node:path";
import { AirAudit } from "@openkerb/contract";
import { expect, it } from "vitest";
import { fillAirStreet } from "./air-street.ts";
import { ask, hubIn, madeFolder } from "./hub-bed.ts";
import { openBrowser, soon } from "./screens-browser.ts";

it("a report is printed once the hub has written down who prints it, and not without", async () => {
  await using folder = await madeFolder();
  await fillAirStreet(join(folder.path, "data"), Date.now(), 1);
  await using hub = await hubIn(folder.path);
  await using browser = await openBrowser();
  const { page } = await browser.visit(`${hub.pageUrl}/air/report?site=harbour`);
  await page.evaluate('window.printed = []; window.print = () => void window.printed.push("paper")');
  const printed = () => page.evaluate<string[]>("window.printed");
  const audit = async () => AirAudit.parse((await ask(hub.pageUrl, "/api/v1/air/audit")).body).entries;
  await page.getByText("kerb-02 · air").first().waitFor();
  expect(await audit()).toEqual([]);
  await page.getByRole("button", { name: "Print" }).click();
  await soon(printed).toEqual(["paper"]);
  expect(await audit()).toMatchObject([
    { by: "local", action: "report-exported", words: "report of harbour taken to print" },
  ]);

  await page.route("**/api/v1/air/reports", (route) =>
    route.fulfill({ status: 503, json: { error: "store", message: "The database cannot be written now." } }),
  );
  await page.getByRole("button", { name: "Print" }).click();
  await page.getByRole("alert").getByText("The database cannot be written now.").waitFor();
  expect(await printed()).toEqual(["paper"]);
}, 120_000);

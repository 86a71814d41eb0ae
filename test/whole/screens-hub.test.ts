import { millis } from "@openkerb/contract";
import { type Hub, hashPassword } from "@openkerb/hub";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boxAt, hubIn, madeFolder, until } from "./hub-bed.ts";
import { type Browser, openBrowser, soon } from "./screens-browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser[Symbol.asyncDispose]());

/** The screens on the real hub, fed by a box over real MQTT. */
describe("the screens on the hub", () => {
  it("show what a box says within moments, and do what the person at the desk decides", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth();
    const { page, complaints } = await browser.visit(`${hub.pageUrl}/`);
    await page.getByRole("heading", { name: "mill-road", level: 1 }).waitFor();
    await page.getByText(/^Live$/).waitFor();
    await box.tell(box.crossed, box.crossed, { ...box.crossed, class: "bicycle", direction: "out" });
    await soon(() => page.locator('[data-count="west car in"]').textContent()).toBe("2");
    await soon(() => page.locator('[data-count="west bicycle out"]').textContent()).toBe("1");

    await box.tell(box.dark(true));
    const queue = page.getByRole("region", { name: "Alert queue" });
    await queue.getByRole("listitem").first().waitFor();
    await page.keyboard.press("j");
    await page
      .getByRole("heading", { level: 1 })
      .filter({ hasText: /Lamp post 12|camera/i })
      .first()
      .waitFor();
    await page.keyboard.press("a");
    await page.getByRole("toolbar").getByText("Seen by local").waitFor();
    await page.getByRole("button", { name: /Assign/ }).click();
    await page.getByRole("option", { name: "local (you)" }).click();
    await page.getByRole("button", { name: "With local" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "With local" }).waitFor();
    await box.tell(box.dark(false));
    await page.getByText("Closed. A new occurrence would raise a new alert.").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("are stale while the hub restarts, then go on after the last id without a gap and without a double", async () => {
    await using folder = await madeFolder();
    let hub: Hub | undefined = await hubIn(folder.path);
    const ports = {
      page: { port: Number(new URL(hub.pageUrl).port) },
      broker: { kind: "embedded", port: hub.brokerPort },
    };
    const first = await boxAt(hub.brokerPort ?? 0);
    await first.birth();
    const { page } = await browser.visit(`${hub.pageUrl}/desk`);
    const ids: (string | undefined)[] = [];
    page.on("request", (r) => r.url().endsWith("/stream") && ids.push(r.headers()["last-event-id"]));
    await page.getByText(/^Live$/).waitFor();
    const cell = page.locator('[data-count="west car in"]');
    await first.tell(first.crossed);
    await soon(() => cell.textContent()).toBe("1");
    await first.client.endAsync(true);
    await hub[Symbol.asyncDispose]();
    hub = undefined;
    await page.getByText(/^Stale since \d\d:\d\d$/).waitFor();

    // The hub is back and has news before the page has found it again.
    await page.context().setOffline(true);
    hub = await hubIn(folder.path, ports);
    await using again = await boxAt(hub.brokerPort ?? 0);
    await again.birth(2);
    await again.tell(again.crossed, again.crossed);
    await until(() => expect(again.acked).toBe(3));
    await page.context().setOffline(false);
    await page.getByText(/^Live$/).waitFor();
    await soon(() => cell.textContent()).toBe("3");
    expect(ids.at(-1)).toMatch(/^[0-9a-f]{8}-/);
    await page.close();
    await hub[Symbol.asyncDispose]();
  });

  it("ask for a login where people are named, and show everybody else the open page", async () => {
    await using folder = await madeFolder();
    const people = [{ name: "ada", roles: ["operator", "technician"], password: await hashPassword("correct horse") }];
    await using hub = await hubIn(folder.path, { people }, { patience: { lost: millis(500) } });
    const { page, complaints } = await browser.visit(`${hub.pageUrl}/`);
    await page.getByRole("heading", { name: "Nothing is measured yet" }).waitFor();
    await page.getByRole("link", { name: "Log in" }).click();
    await page.getByLabel("Name").fill("ada");
    await page.getByLabel("Password").fill("wrong horse");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").getByText("Name and password do not fit together.").waitFor();
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("All quiet").waitFor();
    await page.getByText(/^Live$/).waitFor();
    await page.getByRole("button", { name: /log out/i }).click();
    await page.getByRole("heading", { name: "Nothing is measured yet" }).waitFor();
    expect(await page.getByRole("link", { name: "Desk" }).count()).toBe(0);
    expect(complaints.filter((c) => !c.includes("401"))).toEqual([]);
    await page.close();
  });
});

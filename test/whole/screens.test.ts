import { type MockHub, startMockHub } from "@openkerb/web/mock-hub";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Browser, barriers, faint, misfits, openBrowser, soon, type Visit } from "./screens-browser.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser[Symbol.asyncDispose]());

const bay = {
  kind: "vehicle-stopped",
  severity: "warning",
  place: { city: "demo", site: "mill-road", device: "kerb-01", camera: "cam-1", zone: "bay" },
} as const;

/** A page on a hub of its own, closed after the test; whatever the browser complained about fails the test. */
async function open(
  path: string,
  how: {
    hub?: Parameters<typeof startMockHub>[0];
    as?: Parameters<Browser["visit"]>[1];
    before?: (h: MockHub) => void;
  } = {},
): Promise<Visit & { hub: MockHub }> {
  const hub = await startMockHub(how.hub);
  how.before?.(hub);
  const visit = await browser.visit(`${hub.url}${path}`, how.as);
  onTestFinished(async () => {
    await visit.page.close();
    await browser.context.clearCookies();
    await hub[Symbol.asyncDispose]();
  });
  return { ...visit, hub };
}

const threeAlerts = (hub: MockHub): void => {
  hub.raise({ id: "blind" });
  hub.raise({ id: "stopped", ...bay }, { title: "Truck stopped in the loading bay" });
  hub.raise({ id: "clock", kind: "clock-wrong", severity: "notice" }, { title: "Clock wrong" });
};

/** What a figure on the page says; a class that nobody has seen today has no row, which is nought. */
const counted = async (page: Visit["page"], name: string): Promise<number> => {
  const cell = page.locator(`[data-count="${name}"]`);
  return (await cell.count()) === 0 ? 0 : Number((await cell.textContent())?.replace(/,/g, ""));
};

const live = (visit: Visit) =>
  visit.page
    .getByRole("status")
    .filter({ hasText: /^Live$/ })
    .waitFor();

describe("the desk", () => {
  it("counts a step the moment it happens, without a reload", async () => {
    const visit = await open("/");
    const { page, hub } = visit;
    await live(visit);
    expect(new URL(page.url()).pathname).toBe("/desk");
    await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }));
    await page.locator('[data-count="west in"]').waitFor();
    const before = await counted(page, "west bicycle in");
    hub.cross({ line: "west", class: "bicycle", direction: "in" });
    hub.cross({ line: "west", class: "bicycle", direction: "in" });
    await soon(() => counted(page, "west bicycle in")).toBe(before + 2);
    await page.getByRole("region", { name: "Last steps over the lines" }).getByText("Bicycle in").first().waitFor();
    expect(await page.evaluate(() => "notReloaded" in globalThis)).toBe(true);
    expect(visit.complaints).toEqual([]);
  });

  it("shows the first step of a day, before which no class has a row", async () => {
    const visit = await open("/desk", { hub: { quiet: true } });
    const { page, hub } = visit;
    await live(visit);
    await page.getByText("nobody yet").first().waitFor();
    expect(await page.locator('[data-count="west bicycle in"]').count()).toBe(0);
    hub.cross({ line: "west", class: "bicycle", direction: "in" });
    await soon(() => counted(page, "west bicycle in")).toBe(1);
    await soon(() => counted(page, "west in")).toBe(1);
    expect(visit.complaints).toEqual([]);
  });

  it("says that all is quiet, and what the quiet rests on", async () => {
    const { page } = await open("/desk");
    const queue = page.getByRole("region", { name: "Alert queue" });
    await queue.getByText("All quiet").waitFor();
    await queue.getByText("1 of 1").first().waitFor();
    await page.getByText(/watching at 9\.\d frames a second|watching at 10 frames/).waitFor();
    await page.getByRole("img", { name: /^Plan of Mill Road junction/ }).waitFor();
  });

  it("puts a new alert into the queue by itself, the most severe first", async () => {
    const visit = await open("/desk", {
      before: (h) => h.raise({ id: "stopped", ...bay }, { title: "Truck stopped" }),
    });
    await live(visit);
    const rows = visit.page.getByRole("region", { name: "Alert queue" }).getByRole("listitem");
    await soon(() => rows.count()).toBe(1);
    visit.hub.raise({ id: "blind" });
    await soon(() => rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain("Lamp post 12 sees nothing");
    await visit.page.getByRole("link", { name: "Critical: Lamp post 12 sees nothing" }).waitFor();
  });

  it("is worked by keyboard alone: j, k, a, s, / and ?", async () => {
    const visit = await open("/desk", { before: threeAlerts });
    const { page } = visit;
    await live(visit);
    const at = () => new URL(page.url()).pathname;
    await page
      .getByRole("link", { name: /Lamp post 12 sees nothing/ })
      .first()
      .waitFor();
    await page.keyboard.press("j");
    await soon(at).toBe("/desk/alert/blind");
    await page.keyboard.press("j");
    await soon(at).toBe("/desk/alert/stopped");
    await page.keyboard.press("k");
    await soon(at).toBe("/desk/alert/blind");
    await page.getByRole("heading", { name: "Lamp post 12 sees nothing", level: 1 }).waitFor();
    expect(await page.evaluate("document.activeElement?.id")).toBe("alert-blind");

    await page.keyboard.press("a");
    await page.getByRole("toolbar").getByText("Seen by local").waitFor();
    await page.getByRole("list").getByText("Acknowledged").waitFor();

    await page.keyboard.press("s");
    const dialog = page.getByRole("dialog", { name: "Shelve this alert" });
    await dialog.getByLabel("Why, for whoever comes next").fill("jetty works");
    await page.keyboard.press("Tab");
    await dialog.getByRole("button", { name: "Shelve" }).press("Enter");
    await dialog.waitFor({ state: "detached" });
    const queue = page.getByRole("region", { name: "Alert queue" });
    await soon(() => queue.getByRole("listitem").count()).toBe(2);
    await page.getByText("jetty works").waitFor();

    await page.keyboard.press("/");
    const search = page.getByRole("combobox", { name: "Search places" });
    await soon(() => page.evaluate("document.activeElement?.getAttribute('role')")).toBe("combobox");
    await page.keyboard.type("j");
    expect(at()).toBe("/desk/alert/blind");
    await search.fill("mill road w");
    await page.getByRole("option", { name: /Mill Road west/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await soon(at).toBe("/desk/place/mill-road");

    await page.keyboard.press("?");
    const keys = page.getByRole("dialog", { name: "Keys" });
    await keys.getByText("acknowledge the alert").waitFor();
    await page.keyboard.press("Escape");
    await keys.waitFor({ state: "detached" });
    expect(visit.complaints).toEqual([]);
  });

  it("assigns, notes and closes, and writes each into the history", async () => {
    const { page } = await open("/desk/alert/blind", { before: threeAlerts });
    await page.getByRole("button", { name: /Assign/ }).click();
    await page.getByRole("option", { name: "bo", exact: true }).click();
    await page.getByRole("button", { name: /With bo/ }).waitFor();
    await page.getByRole("button", { name: "Note" }).click();
    await page.getByLabel("Note for the history").fill("lens cleaned on Monday");
    await page.getByRole("button", { name: "Add note" }).click();
    await page.getByText("lens cleaned on Monday").waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    const dialog = page.getByRole("dialog", { name: "Close this alert" });
    await dialog.getByLabel("Why it can be closed").fill("false alarm");
    await dialog.getByRole("button", { name: "Close alert" }).click();
    await page.getByText("Closed. A new occurrence would raise a new alert.").waitFor();
    const history = page.getByRole("article", { name: "Alert" }).getByRole("listitem");
    await soon(() => history.allTextContents()).toEqual([
      expect.stringMatching(/Closed by localfalse alarm/),
      expect.stringMatching(/Note by locallens cleaned/),
      expect.stringMatching(/Assigned by localto bo/),
      expect.stringMatching(/Raised/),
    ]);
    await page.getByRole("link", { name: "Closed", exact: true }).click();
    await page.getByRole("region", { name: "Alert queue" }).getByText("Lamp post 12 sees nothing").waitFor();
  });

  it("takes an acknowledgement back when the hub refuses it, and says why", async () => {
    const { page, hub } = await open("/desk/alert/blind", { before: threeAlerts });
    const button = page.getByRole("button", { name: "Acknowledge" });
    await button.waitFor();
    hub.fail("/alerts/blind/steps");
    await button.click();
    await page.getByRole("alert").getByText("Not done: The hub's disk is full.").waitFor();
    await button.waitFor();
  });

  it("lights and moves nothing under reduced motion", async () => {
    const visit = await open("/desk", { as: { still: true } });
    await live(visit);
    visit.hub.cross({ line: "west", class: "person", direction: "in" });
    await visit.page.getByText(/Person in, now/).waitFor();
    const places = await visit.page.evaluate<string[]>(
      "document.getAnimations().flatMap((a) => a.effect.getKeyframes().map((f) => f.transform ?? f.backgroundColor))",
    );
    expect(new Set(places).size).toBeLessThanOrEqual(1);
  });

  it("says in words what could not be loaded, and loads it when asked again", async () => {
    const { page, hub } = await open("/desk", { before: (h) => h.fail("/sites", "/alerts") });
    await page.getByRole("alert", { name: "The places could not be loaded" }).waitFor();
    await page.getByText("The hub's disk is full.").first().waitFor();
    hub.fail();
    await page
      .getByRole("alert", { name: "The places could not be loaded" })
      .getByRole("button", { name: "Try again" })
      .click();
    await page.getByRole("heading", { name: "Mill Road junction" }).waitFor();
  });

  it("tells a newcomer without any place what to do", async () => {
    const { page } = await open("/desk", { hub: { places: 0 } });
    await page.getByRole("heading", { name: "No place is known yet" }).waitFor();
  });
});

describe("the connection", () => {
  it("is stale while the hub is away, and catches up on what it missed without a gap", async () => {
    const visit = await open("/desk");
    const { page, hub } = visit;
    await live(visit);
    hub.cross({ line: "east", class: "truck", direction: "in" });
    const cell = page.locator('[data-count="east truck in"]');
    await cell.waitFor();
    const before = Number(await cell.textContent());
    await hub.stop();
    await page.getByText(/^Stale since \d\d:\d\d$/).waitFor();
    await page
      .getByRole("alert")
      .getByText(/What you see is from/)
      .waitFor();
    hub.cross({ line: "east", class: "truck", direction: "in" });
    hub.raise({ id: "blind" });
    expect(Number(await cell.textContent())).toBe(before);
    const retry = page.getByRole("button", { name: /Try now/ });
    await retry.click();
    await hub.start();
    // The page also tries by itself; whichever is first takes the button away.
    await retry.click({ timeout: 3000 }).catch(() => undefined);
    await live(visit);
    await soon(async () => Number(await cell.textContent())).toBe(before + 1);
    await page.getByRole("region", { name: "Alert queue" }).getByText("Lamp post 12 sees nothing").waitFor();
    const elsewhere = visit.complaints.filter((c) => !c.includes("ERR_CONNECTION_REFUSED") && !c.includes("net::ERR"));
    expect(elsewhere).toEqual([]);
  });
});

describe("a view that fails", () => {
  it("leaves the doors where they are, and another view gets another chance", async () => {
    const { page } = await open("/desk", { before: threeAlerts });
    await page.getByRole("region", { name: "Alert queue" }).waitFor();
    await page.evaluate(() => {
      const usual = Number.prototype.toFixed;
      Object.assign(globalThis, { mend: () => Object.assign(Number.prototype, { toFixed: usual }) });
      Object.assign(Number.prototype, {
        toFixed: () => {
          throw new Error("made to fail");
        },
      });
    });
    await page.getByRole("link", { name: "Boxes" }).click();
    await page.getByRole("heading", { name: "This view has failed" }).waitFor();
    await page.getByText("made to fail").waitFor();
    await page.evaluate(() => (globalThis as unknown as { mend: () => void }).mend());
    await page.getByRole("link", { name: "Open", exact: true }).click();
    await page.getByRole("heading", { name: "This view has failed" }).waitFor({ state: "detached" });
  });
});

describe("a link", () => {
  it.each([
    ["/desk/alert/stopped?range=24h", { level: 1, name: "Truck stopped in the loading bay" }],
    ["/desk/place/harbour?plan=off", { level: 1, name: "Harbour bridge" }],
    ["/boxes/kerb-01?range=7d", { level: 1, name: "kerb-01" }],
    ["/open/mill-road", { level: 1, name: "Mill Road junction" }],
    ["/nowhere", { name: "There is no such page" }],
    ["/desk/alert/gone", { name: "This alert is not here" }],
  ] as const)("to %s leads to exactly that view", async (path, heading) => {
    const { page } = await open(path, { before: threeAlerts, hub: { places: 2 } });
    await page.getByRole("heading", heading).waitFor();
    expect(page.url().endsWith(path)).toBe(true);
  });

  it("can be gone back from", async () => {
    const { page } = await open("/boxes", { hub: { places: 2 } });
    await page.getByRole("link", { name: /kerb-02/ }).click();
    await page.getByRole("heading", { name: "kerb-02" }).waitFor();
    await page.goBack();
    await page.getByRole("heading", { name: "Boxes" }).waitFor();
  });
});

describe("the boxes", () => {
  it("turn red with the reason and the next step when a camera goes blind", async () => {
    const visit = await open("/boxes/kerb-01");
    const { page, hub } = visit;
    await live(visit);
    await page.getByText("This box is good: every check is green.").waitFor();
    hub.health({ cameras: [{ id: "cam-1", state: "dark", fps: 0, dropped: 12, restarts: 1 }] });
    await page.getByText("This box needs care: 1 check is red.").waitFor();
    const checks = page.getByRole("list", { name: "Checklist" });
    await checks.getByText("Look for a covered lens, or a night without street light.").waitFor();
    await checks
      .getByTitle("Needs care")
      .or(checks.getByRole("img", { name: "Needs care" }))
      .first()
      .waitFor();
  });

  it("put the one that needs care first", async () => {
    const { page } = await open("/boxes", { hub: { places: 2 } });
    const rows = page.getByRole("main").getByRole("listitem");
    await soon(() => rows.count()).toBe(2);
    expect(await rows.first().textContent()).toContain("kerb-02");
    await page.getByText("1 of 2 boxes needs care; the worst comes first.").waitFor();
  });
});

describe("a chart", () => {
  it("is read by arrow keys and by its table, and tells unwatched time from silence", async () => {
    const { page } = await open("/desk");
    const chart = page.getByRole("group", { name: /^Chart: steps per minute/ }).first();
    await chart.focus();
    await page.keyboard.press("ArrowLeft");
    const readout = page.getByRole("figure").getByRole("status").first();
    await soon(() => readout.textContent()).toMatch(/^\d\d:\d\d: \d+ in, \d+ out/);
    const first = await readout.textContent();
    await page.keyboard.press("ArrowLeft");
    await soon(() => readout.textContent()).not.toBe(first);
    await page.keyboard.press("t");
    const table = page.getByRole("region", { name: "Table: steps per minute" });
    await table.getByText("not watched").first().waitFor();
  });
});

describe("a zoomed chart", () => {
  it("stays where it is while the street goes on, and goes back by a double click", async () => {
    const visit = await open("/desk");
    const { page } = visit;
    await live(visit);
    const chart = page.getByRole("group", { name: /^Chart: steps per minute/ }).first();
    await chart.scrollIntoViewIfNeeded();
    const box = await chart.boundingBox();
    if (!box) throw new Error("the chart has no size");
    await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.7, box.y + 40, { steps: 4 });
    await page.mouse.up();
    const all = page.getByRole("button", { name: "Show all" });
    await all.first().waitFor();
    // The lines share one time axis, so that they zoom together.
    await soon(() => all.count()).toBe(3);
    const before = await counted(page, "west car in");
    visit.hub.cross({ line: "west", class: "car", direction: "in" });
    await soon(() => counted(page, "west car in")).toBe(before + 1);
    expect(await all.count()).toBe(3);
    await page.mouse.dblclick(box.x + box.width * 0.5, box.y + 40);
    await soon(() => all.count()).toBe(0);
    await chart.focus();
    await page.keyboard.press("+");
    await all.first().waitFor();
    await page.keyboard.press("-");
    await soon(() => all.count()).toBe(0);
  });
});

describe("the open page", () => {
  it("needs no login, hides small counts, and says who answers", async () => {
    const visit = await open("/", { hub: { loginNeeded: true } });
    const { page } = visit;
    await page.getByRole("heading", { name: "Mill Road junction", level: 1 }).waitFor();
    await page.getByText("Department of Streets, Example Town").waitFor();
    await page.getByText("Faces are never recognised.").waitFor();
    await page.getByRole("button", { name: "Table" }).first().click();
    const table = page.getByRole("region", { name: /^Table: People per hour/ });
    await table.getByText("fewer than 10 in").first().waitFor();
    expect(
      await table
        .getByRole("cell")
        .filter({ hasText: /^\d (in|out)$/ })
        .count(),
    ).toBe(0);
    expect(await page.getByRole("link", { name: "Desk" }).count()).toBe(0);
    expect(visit.complaints).toEqual([]);
    await soon(() => visit.hub.asked.some((a) => /devices|alerts|stream|events/.test(a))).toBe(false);
  });
});

describe("the login", () => {
  it("says when it does not fit, lets in when it does, and lets out again", async () => {
    const { page } = await open("/desk", { hub: { loginNeeded: true } });
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").getByText("Name and password do not fit.").waitFor();
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByText("All quiet").waitFor();
    await page.getByRole("button", { name: /log out/i }).click();
    await page.getByRole("heading", { name: "Mill Road junction", level: 1 }).waitFor();
    await page.goto(`${new URL(page.url()).origin}/desk`);
    await page.getByRole("heading", { name: "Log in" }).waitFor();
  });
});

describe("every page", () => {
  const pages = [
    ["the desk", "/desk/place/mill-road", /Today/],
    ["the places", "/desk", /All places/],
    ["an alert", "/desk/alert/stopped", /History/],
    ["the boxes", "/boxes", /Boxes/],
    ["a box", "/boxes/kerb-01", /Watched/],
    ["the open page", "/open/mill-road", /What we refuse to do/],
    ["a place nobody has drawn", "/open/harbour", /Per hour/],
    ["the keys", "/desk?keys", /Keys/],
  ] as const;

  const visits = [
    { theme: "light", width: 1440, of: pages, look: barriers },
    // Another theme has other colours and nothing else.
    { theme: "dark", width: 1440, of: pages, look: faint },
    { theme: "light", width: 390, of: pages.filter(([, path]) => /place|kerb|open/.test(path)), look: barriers },
  ] as const;

  it.each(visits)("has no barrier in the $theme theme at $width pixels, and complains of nothing", async (visit) => {
    const found: Record<string, string[]> = {};
    await forEach(visit, async (name, { page, complaints }) => {
      const wrong = [...(await visit.look(page)), ...complaints];
      if (wrong.length > 0) found[name] = wrong;
    });
    expect(found).toEqual({});
  });

  it("fits any width without scrolling sideways, and shows nothing that could be a picture", () =>
    forEach({ theme: "light", width: 1440, of: pages }, async (name, { page }) => {
      for (const width of [320, 390, 600, 768, 1024, 1440]) {
        await page.setViewportSize({ width, height: 844 });
        await soon(() => misfits(page), `${name} at ${width} pixels`).toEqual([]);
      }
    }));

  /** Visits pages one after another, each when it is live. */
  async function forEach(
    { theme, width, of }: { theme: string; width: number; of: readonly (typeof pages)[number][] },
    look: (name: string, visit: Visit) => Promise<void>,
  ): Promise<void> {
    await using hub = await startMockHub({ places: 2 });
    threeAlerts(hub);
    hub.cross({ line: "west", class: "person", direction: "in" });
    const visit = await browser.visit(`${hub.url}/desk`, { width, dark: theme === "dark" });
    for (const [name, path, heading] of of) {
      await visit.page.goto(`${hub.url}${path}`);
      await live(visit);
      if (name === "the keys") await visit.page.keyboard.press("?");
      await visit.page.getByRole("heading", { name: heading }).first().waitFor();
      await look(name, visit);
    }
    await visit.page.close();
  }
});

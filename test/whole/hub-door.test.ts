import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem, type Role, type SiteView } from "@openkerb/contract";
import { checkHubConfig, hashPassword } from "@openkerb/hub";
import Sqlite from "better-sqlite3";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, ask, boxAt, hubIn, madeFolder, until, visitor } from "./hub-bed.ts";

const password = "correct horse battery";
let hash = "";
beforeAll(async () => {
  hash = await hashPassword(password);
});

const person = (name: string, ...roles: Role[]) => ({ name, roles, password: hash });
const everybody = () => [
  person("otto", "operator"),
  person("tess", "technician"),
  person("olga", "officer"),
  person("paul", "privacy"),
];

const site = (name: string, open: boolean) => `version: 1
city: demo
site: ${name}
name: ${name}
device: ${name === "mill-road" ? "kerb-01" : "kerb-02"}
${open ? "open: { purpose: to know, operator: city, contact: mail, keptDays: 30 }" : ""}
cameras: [{ id: cam-1, name: Lamp post, url: "rtsp://127.0.0.1/x" }]
`;

/** A certificate for localhost, valid for a day. */
function makeCertificate(folder: string): { key: string; certificate: string; authority: string } {
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync(
    "openssl",
    // biome-ignore format: pairs of option and value
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
      "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    { stdio: "ignore" },
  );
  return { key, certificate, authority: readFileSync(certificate, "utf8") };
}

describe("who may do what", () => {
  const steps = "/api/v1/alerts/a1/steps";
  const note = { do: "note", text: "x" };
  const pages: Awaited<ReturnType<typeof visitor>>[] = [];
  const open: AsyncDisposable[] = [];
  beforeAll(async () => {
    const folder = await madeFolder();
    await writeFile(join(folder.path, "mill-road.yaml"), site("mill-road", true));
    await writeFile(join(folder.path, "hidden.yaml"), site("hidden", false));
    const hub = await hubIn(folder.path, { people: everybody(), sites: ["mill-road.yaml", "hidden.yaml"] });
    open.push(hub, folder);
    for (const name of [undefined, "otto", "tess", "olga", "paul"]) {
      const page = await visitor(hub.pageUrl);
      if (name) expect((await page.login(name, password)).status).toBe(200);
      pages.push(page);
    }
  });
  afterAll(async () => {
    for (const thing of open) await thing[Symbol.asyncDispose]();
  });
  // What each visitor gets: nobody, operator, technician, officer, privacy.
  it.each<[string, string, unknown, readonly number[]]>([
    ["GET", "/api/v1/session", undefined, [200, 200, 200, 200, 200]],
    ["GET", "/api/v1/sites", undefined, [200, 200, 200, 200, 200]],
    ["GET", "/api/v1/counts?site=mill-road&from=0&to=3600000&bin=hour", undefined, [200, 200, 200, 200, 200]],
    ["GET", "/api/v1/counts?site=mill-road&from=0&to=3600000&bin=minute", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/counts?site=hidden&from=0&to=3600000&bin=hour", undefined, [404, 200, 200, 200, 200]],
    ["GET", "/api/v1/devices", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/events", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/alerts", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/alerts/a1", undefined, [401, 404, 404, 404, 404]],
    ["GET", "/api/v1/people", undefined, [401, 200, 200, 403, 403]],
    ["GET", "/api/v1/air/stations", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/series?metric=pm25&from=0&to=3600000", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/forecast", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/anomalies?channel=1&from=0&to=3600000", undefined, [401, 404, 404, 404, 404]],
    ["GET", "/api/v1/air/export.geojson", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/limits", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/index?site=mill-road&span=day&from=0&to=1", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/ledger?site=mill-road&year=2026", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/noise?site=mill-road&from=2026-01-01&to=2026-01-02", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/association?site=mill-road&metric=no2&from=0&to=1", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/review", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/review/1", undefined, [401, 404, 404, 404, 404]],
    ["GET", "/api/v1/air/validations", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/audit", undefined, [401, 403, 403, 200, 200]],
    ["GET", "/api/v1/air/corrections", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/colocations", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/api/v1/air/colocations/1", undefined, [401, 404, 404, 404, 404]],
    ["GET", "/api/v1/air/colocations/1/report", undefined, [401, 403, 403, 404, 403]],
    ["GET", "/sta/v1.1", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/sta/v1.1/Observations", undefined, [401, 200, 200, 200, 200]],
    ["GET", "/openaq/v3/sensors/1/hours", undefined, [404, 404, 404, 404, 404]],
    ["GET", "/metrics", undefined, [401, 401, 200, 401, 401]],
    ["GET", "/livez", undefined, [200, 200, 200, 200, 200]],
    ["GET", "/readyz", undefined, [200, 200, 200, 200, 200]],
    ["GET", "/docs/json", undefined, [200, 200, 200, 200, 200]],
    ["POST", "/api/v1/air/reports", { site: "mill-road", from: 0, to: 1 }, [401, 200, 200, 200, 200]],
    ["POST", "/api/v1/air/review/1", { do: "accept" }, [401, 403, 403, 404, 403]],
    ["POST", "/api/v1/air/validations", { channel: 1, from: 0, to: 1, reason: "seen" }, [401, 403, 403, 404, 403]],
    ["POST", "/api/v1/air/validations/1/withdraw", { reason: "seen" }, [401, 403, 403, 404, 403]],
    [
      "POST",
      "/api/v1/air/colocations",
      { sensor: 1, reference: { channel: 2 }, from: 0, to: 1 },
      [401, 403, 403, 404, 403],
    ],
    [
      "POST",
      "/api/v1/air/corrections",
      { channel: 1, correction: { id: "x" }, from: 0, reason: "seen" },
      [401, 403, 403, 404, 403],
    ],
    ["POST", "/api/v1/air/corrections/1/end", { reason: "seen" }, [401, 403, 403, 404, 403]],
    ["POST", steps, note, [401, 404, 404, 403, 403]],
    ["POST", steps, { do: "acknowledge" }, [401, 404, 404, 403, 403]],
    ["POST", steps, { do: "close", reason: "x" }, [401, 404, 403, 403, 403]],
    ["POST", steps, { do: "shelve", until: 1, reason: "x" }, [401, 404, 403, 403, 403]],
    ["DELETE", "/api/v1/session", undefined, [401, 200, 200, 200, 200]],
  ])("%s %s %j", async (method, path, body, wanted) => {
    const got: number[] = [];
    for (const page of pages) {
      const answer = await page.go(path, { method, body });
      if (answer.status >= 400) Problem.parse(answer.body);
      got.push(answer.status);
    }
    expect(got).toEqual(wanted);
  });

  it("lets nobody in to the live updates who has not logged in", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, { people: everybody() });
    expect((await ask(hub.pageUrl, "/api/v1/stream")).status).toBe(401);
  });

  it("shows the public only places with public information, and only counts that are not small", async () => {
    await using folder = await madeFolder();
    await writeFile(join(folder.path, "mill-road.yaml"), site("mill-road", true));
    await writeFile(join(folder.path, "hidden.yaml"), site("hidden", false));
    await using hub = await hubIn(folder.path, { people: everybody(), sites: ["mill-road.yaml", "hidden.yaml"] });
    await using box = await boxAt(hub.brokerPort ?? 0);
    await box.birth();
    const running = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    // The last whole hour is told a quarter of an hour after its end; this one is in any case.
    const hour = running - 7_200_000;
    const minute = (start: number, cars: number, people: number) => ({
      kind: "minute-counted",
      at: start,
      span: 60_000,
      watched: 60_000,
      lines: [
        { line: "west", class: "car", in: cars, out: 9 },
        { line: "west", class: "person", in: people, out: 0 },
      ],
      zones: [{ zone: "bay", class: "person", entered: 50, mean: 20, max: 40 }],
    });
    await box.tell(minute(hour, 10, 9), minute(running, 500, 500));
    await until(() => expect(box.acked).toBe(2));

    const sites = await ask(hub.pageUrl, "/api/v1/sites");
    expect((sites.body as { sites: SiteView[] }).sites.map((s) => s.site)).toEqual(["mill-road"]);
    const path = `/api/v1/counts?site=mill-road&from=${hour}&to=${running + 3_600_000}&bin=hour`;
    const open = await ask(hub.pageUrl, path);
    const { bins } = open.body as { bins: { from: number }[] };
    expect(bins[0]).toMatchObject({
      from: hour,
      lines: [{ line: "west", class: "car", in: 10, out: 0 }],
      zones: [],
    });
    // The running hour is not there: its changes would tell each single passing.
    expect(bins.map((b) => b.from)).not.toContain(running);
    const page = await visitor(hub.pageUrl);
    await page.login("olga", password);
    const inside = (await page.go(path)).body as { bins: { lines: unknown[]; zones: unknown[] }[] };
    expect(inside.bins).toHaveLength(3);
    expect(inside.bins[0]).toMatchObject({
      lines: expect.arrayContaining([{ line: "west", class: "person", in: 9, out: 0 }]),
      zones: [{ zone: "bay", entered: 50 }],
    });
  });
});

it("whoever asks again and again whether the hub is ready does not make it write each time", async () => {
  await using folder = await madeFolder();
  {
    await using hub = await hubIn(folder.path);
    for (let n = 0; n < 60; n++) expect((await ask(hub.pageUrl, "/readyz")).status).toBe(200);
  }
  const database = new Sqlite(join(folder.path, "data", "hub.sqlite"), { readonly: true });
  const probes = database.prepare<[], number>("SELECT value FROM counters WHERE name = 'probe'").pluck().get();
  database.close();
  expect(probes).toBeGreaterThan(0);
  expect(probes).toBeLessThan(30);
});

describe("the login", () => {
  it("refuses a wrong password and an unknown name with the same words, and too many tries", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, { people: everybody() });
    const page = await visitor(hub.pageUrl);
    const tries: Answer[] = [];
    for (let i = 0; i < 11; i++) tries.push(await page.login(i % 2 ? "otto" : "nobody", "wrong password"));
    expect(tries.map((a) => a.status)).toEqual([...Array(10).fill(401), 429]);
    expect(new Set(tries.slice(0, 10).map((a) => a.text)).size).toBe(1);
    for (const answer of tries) expect(Problem.parse(answer.body).message).toMatch(/^[A-Z].*\.$/);
  });

  it("gives a cookie that scripts and other pages cannot use, and a new one with every login and logout", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, { people: everybody() });
    const page = await visitor(hub.pageUrl);
    const before = page.cookie;
    const answer = await page.login("otto", password);
    expect(answer.headers["set-cookie"]?.[0]).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(answer.body).toMatchObject({ person: "otto", roles: ["operator"], loginNeeded: true });
    const inside = page.cookie;
    expect(inside).not.toBe(before);
    await page.go("/api/v1/session", { method: "DELETE" });
    expect(page.cookie).not.toBe(inside);
    expect((await ask(hub.pageUrl, "/api/v1/devices", { headers: { cookie: inside } })).status).toBe(401);
  });

  it("ends the session that this browser had before, whoever it was", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, { people: everybody() });
    const page = await visitor(hub.pageUrl);
    const other = await visitor(hub.pageUrl);
    await other.login("otto", password);
    await page.login("otto", password);
    const before = page.cookie;
    expect((await page.login("tess", password)).status).toBe(200);
    const devices = async (cookie: string): Promise<number> =>
      (await ask(hub.pageUrl, "/api/v1/devices", { headers: { cookie } })).status;
    expect(await devices(before)).toBe(401);
    expect(await devices(page.cookie)).toBe(200);
    expect(await devices(other.cookie)).toBe(200);
  });

  it("stays through a restart of the hub, and ends when the password is changed or the person is gone", async () => {
    await using folder = await madeFolder();
    let cookie = "";
    {
      await using hub = await hubIn(folder.path, { people: everybody(), page: { port: 0 } });
      const page = await visitor(hub.pageUrl);
      await page.login("otto", password);
      cookie = page.cookie;
    }
    const devices = async (people: object[]): Promise<number> => {
      await using hub = await hubIn(folder.path, { people, page: { port: 0 } });
      return (await ask(hub.pageUrl, "/api/v1/devices", { headers: { cookie } })).status;
    };
    expect(await devices(everybody())).toBe(200);
    expect(await devices([{ ...person("otto", "operator"), password: await hashPassword("another one") }])).toBe(401);
    expect(await devices([person("olga", "officer")])).toBe(401);
  });

  it("asks a collector of metrics for a technician's name and password", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, { people: everybody() });
    const basic = (name: string, word: string) => ({
      authorization: `Basic ${Buffer.from(`${name}:${word}`).toString("base64")}`,
    });
    const get = (headers: Record<string, string>) => ask(hub.pageUrl, "/metrics", { headers });
    expect((await get(basic("tess", password))).text).toContain("openkerb_hub_items_stored_total");
    expect((await get(basic("tess", "wrong password"))).status).toBe(401);
    expect((await get(basic("otto", password))).status).toBe(401);
    expect((await get({ authorization: "Basic" })).headers["www-authenticate"]).toContain("Basic");
  });
});

describe("a change", () => {
  it.each<[string, Record<string, string>, boolean, number]>([
    ["from our page", {}, true, 200],
    ["without a token", {}, false, 403],
    ["with the token of somebody else", { "x-csrf-token": "A".repeat(43) }, false, 403],
    ["from another page that has stolen a token", { origin: "https://evil.example" }, true, 403],
    ["from a page of another kind on this machine", { origin: "http://localhost:1" }, true, 403],
    ["that the browser calls cross-site", { "sec-fetch-site": "cross-site" }, true, 403],
    ["that the browser calls same-site", { "sec-fetch-site": "same-site" }, true, 403],
    ["that the browser calls our own", { "sec-fetch-site": "same-origin" }, true, 200],
  ])("%s gets %s %s %i", async (_, headers, token, wanted) => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    const { csrf } = await visitor(hub.pageUrl);
    const answer = await ask(hub.pageUrl, "/api/v1/session", {
      method: "DELETE",
      headers: { ...(token && { "x-csrf-token": csrf }), ...headers },
    });
    expect(answer.status).toBe(wanted);
    if (wanted !== 200) Problem.parse(answer.body);
  });

  it("is refused in words when it is not JSON, too large or of another shape", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    const page = await visitor(hub.pageUrl);
    const wrong = await page.post("/api/v1/alerts/a1/steps", { do: "explode" });
    expect(wrong).toMatchObject({ status: 400, body: { error: "invalid", issues: [{ path: expect.any(String) }] } });
    const large = await page.post("/api/v1/alerts/a1/steps", { do: "note", text: "x".repeat(100_000) });
    expect(large).toMatchObject({ status: 413, body: { error: "too-large" } });
    const extra = await page.post("/api/v1/alerts/a1/steps", { do: "acknowledge", plate: "AB 123" });
    expect(extra.status).toBe(400);
  });
});

describe("a hub on this machine", () => {
  let url = "";
  const open: AsyncDisposable[] = [];
  beforeAll(async () => {
    const folder = await madeFolder();
    const hub = await hubIn(folder.path);
    open.push(hub, folder);
    url = hub.pageUrl;
  });
  afterAll(async () => {
    for (const thing of open) await thing[Symbol.asyncDispose]();
  });
  it.each([
    ["localhost", 200],
    ["127.0.0.1", 200],
    ["[::1]", 200],
    ["localhost:9999", 200],
    ["LOCALHOST", 200],
    ["evil.example", 421],
    ["127.0.0.1.evil.example", 421],
    ["localhost.evil.example:8080", 421],
    ["192.168.1.5", 421],
  ])("answers to the name %s with %i, so that no other page can pass for it", async (host, wanted) => {
    for (const path of ["/api/v1/alerts", "/", "/docs", "/metrics", "/nothing"]) {
      const { status } = await ask(url, path, { headers: { host } });
      expect(status === 421).toBe(wanted === 421);
    }
  });

  it("needs no login when nobody is named, and one when somebody is", async () => {
    await using folder = await madeFolder();
    {
      await using hub = await hubIn(folder.path);
      expect((await ask(hub.pageUrl, "/api/v1/session")).body).toMatchObject({ person: "local", loginNeeded: false });
    }
    await using hub = await hubIn(folder.path, { people: everybody() });
    const { body } = await ask(hub.pageUrl, "/api/v1/session");
    expect(body).toMatchObject({ roles: [], loginNeeded: true });
    expect(body).not.toHaveProperty("person");
  });

  it("sends strict headers with every answer", async () => {
    for (const path of ["/", "/api/v1/alerts", "/docs/", "/nothing"]) {
      const { headers } = await ask(url, path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|https:|\*/);
      expect(headers).toMatchObject({
        "x-frame-options": "DENY",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect((await ask(url, "/api/v1/alerts")).headers["cache-control"]).toBe("no-store");
  });
});

describe("a hub that others can reach", () => {
  const refusal = async (config: object): Promise<string> => {
    await using folder = await madeFolder();
    return checkHubConfig({ version: 1, city: "demo", ...config }, folder.path).then(
      () => "starts",
      (err: Error) => err.message,
    );
  };

  it("does not start without TLS, people and credentials, and names all that is missing at once", async () => {
    const told = await refusal({ page: { host: "0.0.0.0" }, broker: { kind: "embedded", host: "0.0.0.0" } });
    for (const path of ["page.tls", "people", "broker.tls", "devices"]) expect(told).toContain(`  ${path}: `);
    expect(told).toContain("has 4 problems");
  });

  it.each([
    ["page.tls", { page: { host: "::" } }],
    ["broker.tls", { broker: { kind: "embedded", host: "192.168.1.5" } }],
    ["broker.url", { broker: { kind: "external", url: "mqtt://broker.example:1883", user: "hub", passwordFile: "p" } }],
    ["broker.user", { broker: { kind: "external", url: "mqtts://broker.example:8883" } }],
    ["broker.url", { broker: { kind: "external", url: "mqtt://user:secret@127.0.0.1:1883" } }],
  ])("does not start for want of %s with %j", async (path, config) => {
    expect(await refusal(config)).toContain(`  ${path}: `);
  });

  it("works with TLS, a login and a password for each box", async () => {
    await using folder = await madeFolder();
    const { key, certificate, authority } = makeCertificate(folder.path);
    const tls = { key, certificate };
    await using hub = await hubIn(folder.path, {
      page: { host: "0.0.0.0", port: 0, tls },
      broker: { kind: "embedded", host: "0.0.0.0", port: 0, tls },
      people: everybody(),
      devices: [{ device: "kerb-01", password: hash }],
    });
    const url = hub.pageUrl.replace("0.0.0.0", "localhost");
    expect(url).toMatch(/^https:/);
    const page = await visitor(url, authority);
    const login = await page.login("otto", password);
    expect(login.headers["set-cookie"]?.[0]).toMatch(/^__Host-openkerb=.*; HttpOnly; Secure; SameSite=Strict$/);
    expect(login.headers["strict-transport-security"]).toContain("max-age=31536000");
    expect((await page.go("/api/v1/devices")).status).toBe(200);
    await expect(ask(url, "/livez")).rejects.toThrow(/self.signed/i);

    const connect = (name: string, word: string) =>
      connectAsync(`mqtts://localhost:${hub.brokerPort}`, {
        clientId: name,
        username: name,
        password: word,
        ca: authority,
        protocolVersion: 4,
        reconnectPeriod: 0,
      });
    await (await connect("kerb-01", password)).endAsync(true);
    await expect(connect("kerb-01", "wrong password")).rejects.toThrow();
    await expect(connect("kerb-02", password)).rejects.toThrow();
  });

  it("says what is wrong with a key and a certificate that do not belong together", async () => {
    await using folder = await madeFolder();
    const { certificate } = makeCertificate(folder.path);
    const config = (key: string) =>
      refusal({ page: { host: "0.0.0.0", tls: { key, certificate } }, people: everybody() });
    await writeFile(join(folder.path, "other.pem"), "not a key");
    expect(await config(join(folder.path, "other.pem"))).toContain(
      "  page.tls: key and certificate cannot be used together",
    );
    expect(await config(join(folder.path, "gone.pem"))).toContain("cannot be read (ENOENT)");
  });
});

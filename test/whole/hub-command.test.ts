import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPassword } from "@openkerb/hub";
import { describe, expect, it } from "vitest";
import { ask, boxAt, follow, hubIn, madeFolder, until } from "./hub-bed.ts";

const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));

/** The command as a person runs it. */
function run(cwd: string, ...args: string[]) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [openkerb, "hub", ...args], {
    cwd,
    env: { ...process.env, OPENKERB_HOME: join(cwd, "home") },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  child.stderr.on("data", (piece) => {
    err += piece;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    child,
    ended,
    out: () => out,
    err: () => err,
    /** The port of a line of the journal, once it is there. */
    async listening(event: string): Promise<number> {
      const line = () => out.split("\n").find((l) => l.includes(`"event":"${event}"`));
      await until(() => expect(line() ?? err).toContain(event));
      const { port, url } = JSON.parse(line() ?? "{}");
      return port ?? Number(new URL(url).port);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

describe("openkerb hub", () => {
  it("starts without a config on this machine only, and ends in order when asked to", async () => {
    await using folder = await madeFolder();
    await using hub = run(folder.path, "--port", "0", "--broker-port", "0");
    const [page, broker] = [await hub.listening("page-listening"), await hub.listening("broker-listening")];
    expect((await ask(`http://127.0.0.1:${page}`, "/readyz")).body).toEqual({ ready: true, troubles: [] });
    await using box = await boxAt(broker);
    await box.birth();
    await box.tell(box.crossed, box.dark(true));
    await until(() => expect(box.acked).toBe(2));
    await using screen = follow(() => `http://127.0.0.1:${page}`);
    await until(() => expect(screen.ready).toBe(true));
    const began = performance.now();
    hub.child.kill("SIGTERM");
    expect(await hub.ended).toBe(0);
    // The promise of the command, with a machine at work on other things.
    expect(performance.now() - began).toBeLessThan(5000);
    expect(hub.out()).toContain('"event":"stopped"');
    expect(hub.err()).toBe("");
    expect(hub.out()).not.toMatch(/line-crossed|mill-road/);
  });

  it("loses nothing and raises nothing twice when it is killed while events and alerts flow", async () => {
    await using folder = await madeFolder();
    let sent = 0;
    let flaps = 0;
    for (let life = 0; life < 3; life++) {
      await using hub = run(folder.path, "--port", "0", "--broker-port", "0");
      await using box = await boxAt(await hub.listening("broker-listening"));
      await box.birth(sent + 1);
      for (let i = 0; i < 20; i++) {
        await box.tell(...Array.from({ length: 20 }, () => box.crossed), box.dark(true), box.dark(false));
        flaps++;
      }
      await until(() => expect(box.acked).toBe(box.sent));
      sent = box.sent;
      hub.child.kill("SIGKILL");
      await hub.ended;
    }
    await using hub = run(folder.path, "--port", "0", "--broker-port", "0");
    const url = `http://127.0.0.1:${await hub.listening("page-listening")}`;
    await until(async () => {
      const { body } = await ask(url, "/api/v1/alerts?state=all");
      expect(body).toMatchObject({
        alerts: [{ alert: { kind: "camera-dark", occurrences: flaps, condition: "cleared" } }],
      });
    });
    expect((await ask(url, "/api/v1/events")).body).toMatchObject({ next: sent });
  });

  it("names every problem of its config with its path, and starts nothing", async () => {
    await using folder = await madeFolder();
    await writeFile(
      join(folder.path, "hub.yaml"),
      "version: 1\ncity: demo\npage: { host: 0.0.0.0 }\nsites: [nowhere]\n",
    );
    await using hub = run(folder.path, "--config", "hub.yaml");
    expect(await hub.ended).toBe(1);
    for (const path of ["page.tls: ", "people: ", "sites: "]) expect(hub.err()).toContain(`\n  ${path}`);
    expect(hub.err()).not.toContain("    at ");
    expect(hub.out()).toBe("");
  });

  it("says which port is taken and what to do, for the page and for boxes", async () => {
    await using folder = await madeFolder();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const port = String((server.address() as { port: number }).port);
    try {
      for (const [taken, other] of [
        ["--port", "--broker-port"],
        ["--broker-port", "--port"],
      ] as const) {
        await using hub = run(folder.path, taken, port, other, "0");
        expect(await hub.ended).toBe(1);
        expect(hub.err()).toContain(`port ${port} on 127.0.0.1 is taken`);
        expect(hub.err()).not.toContain("    at ");
      }
    } finally {
      server.close();
    }
  });

  it("does not share its data folder with another hub", async () => {
    await using folder = await madeFolder();
    await using _first = await hubIn(folder.path);
    await using hub = run(folder.path, "--data", "data", "--port", "0", "--broker-port", "0");
    expect(await hub.ended).toBe(1);
    expect(hub.err()).toContain("another hub is running");
  });

  it.each([
    [["--port", "http"], "--port http is not a port"],
    [["sing"], '"sing" means nothing to hub'],
    [["--config", "none.yaml"], "none.yaml cannot be read (ENOENT)"],
  ])("answers %j in words", async (args, words) => {
    await using folder = await madeFolder();
    await using hub = run(folder.path, ...args);
    expect(await hub.ended).toBe(1);
    expect(hub.err()).toContain(words);
  });

  it("prints a hash for a password, and the schema of its file", async () => {
    await using folder = await madeFolder();
    await using credential = run(folder.path, "credential");
    credential.child.stdin.end("correct horse battery\n");
    expect(await credential.ended).toBe(0);
    const hash = credential.out().trim();
    expect(await checkPassword(hash, "correct horse battery")).toBe(true);
    expect(await checkPassword(hash, "wrong horse battery")).toBe(false);
    await using short = run(folder.path, "credential");
    short.child.stdin.end("short\n");
    expect(await short.ended).toBe(1);
    await using schema = run(folder.path, "schema");
    expect(await schema.ended).toBe(0);
    expect(JSON.parse(schema.out())).toMatchObject({ type: "object", properties: { city: { type: "string" } } });
  });
});

describe("the screens", () => {
  it("are served for every door, with files that may be kept for ever and a page that may not", async () => {
    await using folder = await madeFolder();
    const webFolder = join(folder.path, "web");
    await mkdir(join(webFolder, "assets"), { recursive: true });
    await writeFile(join(webFolder, "index.html"), "<!doctype html><title>screens</title>");
    await writeFile(join(webFolder, "assets", "main-a1b2c3.js"), "export {};");
    await writeFile(join(webFolder, "icon.svg"), "<svg/>");
    await writeFile(join(folder.path, "secret"), "secret");
    await using hub = await hubIn(folder.path, {}, { webFolder });
    for (const door of ["/", "/desk", "/desk/a1", "/air", "/boxes/kerb-01", "/open", "/open/mill-road", "/login"]) {
      const { status, text, headers } = await ask(hub.pageUrl, door);
      expect([door, status, text]).toEqual([door, 200, "<!doctype html><title>screens</title>"]);
      expect(headers["cache-control"]).toBe("no-cache");
    }
    const script = await ask(hub.pageUrl, "/assets/main-a1b2c3.js");
    expect(script.headers).toMatchObject({ "cache-control": "public, max-age=31536000, immutable" });
    expect(script.headers["content-type"]).toContain("javascript");
    expect((await ask(hub.pageUrl, "/icon.svg")).headers["cache-control"]).toBe("no-cache");
    for (const path of ["/assets/gone.js", "/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/deskk"])
      expect((await ask(hub.pageUrl, path)).status).toBeGreaterThanOrEqual(400);
  });

  it("are missed in words when they have not been built", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path, {}, { webFolder: join(folder.path, "none") });
    const { status, text } = await ask(hub.pageUrl, "/desk");
    expect(status).toBe(503);
    expect(text).toContain("npm run build -w hub/web");
  });
});

describe("whether the hub can do its work", () => {
  it("says so when its broker is another and away, and when it comes", async () => {
    await using folder = await madeFolder();
    await using elsewhere = await madeFolder();
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as { port: number };
    free.close();
    await using hub = await hubIn(folder.path, { broker: { kind: "external", url: `mqtt://127.0.0.1:${port}` } });
    const away = await ask(hub.pageUrl, "/readyz");
    expect(away).toMatchObject({ status: 503, body: { ready: false, troubles: [expect.stringMatching(/broker/i)] } });
    expect((await ask(hub.pageUrl, "/livez")).status).toBe(200);
    // Another hub's door serves as the broker here: it takes the connection, and that is all this asks for.
    await using _broker = await hubIn(elsewhere.path, { broker: { kind: "embedded", port } });
    await until(async () => expect((await ask(hub.pageUrl, "/readyz")).status).toBe(200));
  });
});

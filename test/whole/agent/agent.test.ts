import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CityEvent } from "@openkerb/contract";
import { type Camera, startCamera } from "@openkerb/deploy/camera";
import { makeClip } from "@openkerb/edge-agent";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { aedesBroker } from "./brokers.ts";
import { type HubStandIn, hubStandIn } from "./hub-stand-in.ts";

const openkerb = fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url));
const within = { timeout: 60_000, interval: 50 };
const password = "pass-geheim-word";

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
  clip = await makeClip(join(folder, "clip.mp4"), "testsrc2=size=640x360:rate=10:duration=3");
});
afterAll(() => rm(folder, { recursive: true }));

type Agent = AsyncDisposable & {
  readonly child: ChildProcess;
  readonly log: string[];
  readonly ended: Promise<unknown[]>;
};

/** `openkerb agent` as a person starts it. */
function startAgent(...args: readonly string[]): Agent {
  const child = spawn(process.execPath, [openkerb, "agent", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  const ended = once(child, "exit");
  return {
    child,
    log,
    ended,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}

const events = (hub: HubStandIn): CityEvent[] =>
  [...hub.stored.values()].flatMap((rows) => [...rows.values()].flatMap(({ event }) => event ?? []));
const cameraTroubles = (hub: HubStandIn, id: string): string[] =>
  events(hub).flatMap((event) =>
    event.kind === "camera-troubled" && event.camera === id ? [`${event.trouble} ${event.active}`] : [],
  );

async function siteFile(cameras: Record<string, Camera | string>): Promise<string> {
  const path = join(folder, `site-${Math.random().toString(16).slice(2)}.yaml`);
  const listed = Object.entries(cameras).map(
    ([id, camera]) => `
  - id: ${id}
    name: ${id}
    url: ${typeof camera === "string" ? camera : camera.url}
    login: { user: admin, password: { file: camera.secret } }
    size: { width: 128, height: 96 }
    lines: [{ id: line-${id}, name: Line, from: [0, 0.5], to: [1, 0.5] }]`,
  );
  await writeFile(join(folder, "camera.secret"), password);
  await chmod(join(folder, "camera.secret"), 0o600);
  await writeFile(
    path,
    `version: 1\ncity: testville\nsite: corner\nname: Corner\ndevice: box-7\ncameras:${listed.join("")}\n`,
  );
  return path;
}

describe("openkerb agent", () => {
  it("watches a camera, tells the hub about it and ends in order, and keeps the password and the pictures to itself", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    await using camera = await startCamera({ clip, login: { kind: "digest", user: "admin", password } });
    const data = await mkdtemp(join(folder, "data-"));
    const url = camera.url.replace("//", `//admin:${password}@`);
    await using agent = startAgent("--camera", url, "--hub", broker.url, "--data", data, "--device", "box-9");
    await vi.waitFor(() => expect(agent.log.join("")).toContain("camera-watched"), within);
    await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
    expect(hub.births[0]).toMatchObject({
      device: "box-9",
      cameras: [{ model: { name: "centernet6" }, lines: [{ id: "middle" }], zones: [{ id: "picture" }] }],
    });
    await hub.say("command", { v: 1, id: "00000000000000aa", expires: Date.now() + 60_000, do: "send-health" });
    await vi.waitFor(() => expect(hub.healths.at(-1)?.cameras[0]?.inference).toBeGreaterThan(0), within);
    expect(hub.healths.at(-1)).toMatchObject({ cameras: [{ state: "watching", restarts: 0 }], outbox: { lost: 0 } });
    // Neither the process list nor a crash gives anything away.
    const proc = (file: string): Promise<string> => readFile(`/proc/${agent.child.pid}/${file}`, "utf8");
    expect((await proc("cmdline")).replaceAll("\0", "")).toBe("openkerb agent");
    expect(await proc("limits")).toMatch(/^Max core file size +1 +1 /m);
    agent.child.kill("SIGTERM");
    expect(await agent.ended).toEqual([0, null]);
    await vi.waitFor(() => expect(hub.states.map(({ state }) => state)).toEqual(["online", "stopped"]), within);
    expect(events(hub).map(({ kind }) => kind)).toContain("minute-counted");
    const log = agent.log.join("");
    expect(log).toContain("draw-your-own");
    expect(log).toContain("password-on-command-line");
    expect(log).not.toContain(password);
    expect((await readdir(data)).sort()).toEqual(["outbox.ballast", "outbox.json", "outbox.sqlite"]);
    expect(await readFile(join(data, "outbox.sqlite"), "latin1")).not.toContain(password);
  });

  it("goes on with one camera when the other is in trouble, says so, and says when it is over", async () => {
    await using broker = await aedesBroker();
    await using hub = await hubStandIn(broker.url);
    const login = { kind: "basic", user: "admin", password } as const;
    await using good = await startCamera({ clip, login });
    await using wrong = await startCamera({ clip, login: { ...login, password: "another" } });
    const site = await siteFile({ north: good, south: wrong });
    const data = await mkdtemp(join(folder, "data-"));
    {
      await using agent = startAgent("--site", site, "--hub", broker.url, "--data", data);
      await vi.waitFor(() => expect(cameraTroubles(hub, "south")).toEqual(["login-refused true"]), within);
      await vi.waitFor(() => expect(agent.log.join("")).toContain('"camera-watched","camera":"north"'), within);
      good.stall();
      await vi.waitFor(() => expect(cameraTroubles(hub, "north")).toEqual(["stalled true"]), within);
      // Killed in the middle of it: whoever comes after has to know that there is something to end.
      agent.child.kill("SIGKILL");
      await agent.ended;
    }
    good.resume();
    await using agent = startAgent("--site", site, "--hub", broker.url, "--data", data);
    await vi.waitFor(() => expect(cameraTroubles(hub, "north")).toEqual(["stalled true", "stalled false"]), within);
    expect(cameraTroubles(hub, "south")).toEqual(["login-refused true"]);
    const visits = good.visits;
    await hub.say("command", {
      ...{ v: 1, id: "00000000000000bb", expires: Date.now() + 60_000 },
      ...{ do: "restart-camera", camera: "north" },
    });
    await vi.waitFor(() => expect(good.visits).toBeGreaterThan(visits), within);
    await vi.waitFor(
      () =>
        expect(events(hub)).toContainEqual(expect.objectContaining({ command: "00000000000000bb", outcome: "done" })),
      within,
    );
    agent.child.kill("SIGTERM");
    expect(await agent.ended).toEqual([0, null]);
  });

  it("tells every mistake in the site file and starts nothing", async () => {
    const site = join(folder, "bad.yaml");
    await writeFile(site, "version: 1\ncity: Test Ville\nsite: corner\nname: Corner\ndevice: box-7\nkameras: []\n");
    const data = join(folder, "never");
    await using agent = startAgent("--site", site, "--hub", "mqtt://127.0.0.1:1", "--data", data);
    expect(await agent.ended).toEqual([1, null]);
    expect(agent.log.join("")).toMatch(/bad.yaml has 2 problems:\n.*line 2, city: .*\n.*kameras/);
    expect(agent.log.join("")).not.toContain("    at ");
    await expect(readdir(data)).rejects.toThrow("ENOENT");
  });

  it("says which model is missing", async () => {
    const site = await siteFile({ north: "rtsp://127.0.0.1:1/x" });
    await writeFile(site, (await readFile(site, "utf8")).replace("    size:", "    model: nobody\n    size:"));
    await using agent = startAgent("--site", site, "--hub", "mqtt://127.0.0.1:1", "--data", join(folder, "model"));
    expect(await agent.ended).toEqual([1, null]);
    expect(agent.log.join("")).toMatch(/no model nobody/);
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startCamera } from "@openkerb/deploy/camera";
import { makeClip } from "@openkerb/edge-agent";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { aedesBroker } from "./brokers.ts";
import { hubStandIn } from "./hub-stand-in.ts";

const openkerb = fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url));
const login = { kind: "digest", user: 'o"neil', password: "p@ss:/w%rd ü" } as const;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secure-camera-"));
});
afterAll(() => rm(folder, { recursive: true }));

const openssl = (...words: string[]) => promisify(execFile)("openssl", words, { cwd: folder });
const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const text = (name: string) => readFile(join(folder, name), "utf8");

it("watches an rtsps camera that the city's own authority vouches for, and no other; strange passwords arrive whole", async () => {
  for (const name of ["city", "stranger"])
    await openssl("req", "-x509", ...elliptic, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.pem`);
  await openssl("req", "-new", ...elliptic, "-subj", "/CN=camera", "-keyout", "camera.key", "-out", "camera.csr");
  await writeFile(join(folder, "camera.ext"), "subjectAltName=IP:127.0.0.1\n");
  const by = ["-CA", "city.pem", "-CAkey", "city.key", "-CAcreateserial", "-extfile", "camera.ext"];
  await openssl("x509", "-req", "-in", "camera.csr", ...by, "-out", "camera.pem");

  const clip = await makeClip(join(folder, "clip.mp4"), "testsrc2=size=320x240:rate=10:duration=3");
  const tls = { key: await text("camera.key"), cert: await text("camera.pem") };
  await using north = await startCamera({ clip, tls, login });
  await using south = await startCamera({ clip, tls, login });
  await using broker = await aedesBroker();
  await using hub = await hubStandIn(broker.url);
  await writeFile(join(folder, "camera.secret"), `${login.password}\n`, { mode: 0o600 });
  const cameras = [
    { id: "north", url: north.url, authority: "city.pem" },
    { id: "south", url: south.url, authority: "stranger.pem" },
  ].map((camera) => ({ ...camera, name: camera.id, login: { user: login.user, password: { file: "camera.secret" } } }));
  const site = { version: 1, city: "testville", site: "corner", name: "Corner", device: "box-7", cameras };
  await writeFile(join(folder, "site.json"), JSON.stringify(site));

  const words = ["--site", join(folder, "site.json"), "--hub", broker.url, "--data", join(folder, "data")];
  const agent = spawn(process.execPath, [openkerb, "agent", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [agent.stdout, agent.stderr]) stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(agent, "exit");
  try {
    await vi.waitFor(() => expect(log).toContain('"camera-watched","camera":"north"'), 60_000);
    await vi.waitFor(() => expect(log).toMatch(/"camera":"south".*not signed by the authority/), 60_000);
    expect(hub.births).toHaveLength(1);
    expect(south.heard).toEqual([]);
    expect(log).not.toContain(login.password);
  } finally {
    agent.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }
});

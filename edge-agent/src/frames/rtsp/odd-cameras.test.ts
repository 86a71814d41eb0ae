import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type CameraOptions, startCamera } from "../../../../deploy/src/camera/camera.ts";
import { makeClip } from "../made-clip.ts";
import { watch } from "../watched.ts";

let folder: string;
let clip: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "odd-"));
  clip = await makeClip(join(folder, "a.mp4"), "testsrc2=size=160x120:rate=20:duration=2", "-g", "10", "-bf", "0");
});
afterAll(() => rm(folder, { recursive: true }));

const until = (check: () => void, timeout = 15_000) => vi.waitFor(check, { timeout, interval: 20 });
const odd = { user: 'Tech "Nick" O\'Neil', password: 'p@ss:/w%rd "ü€" 密' } as const;

describe.concurrent("a camera with odd manners", () => {
  it.each(["tcp", "udp"] as const)("that has sound too is asked for its video alone, over %s", async (transport) => {
    await using camera = await startCamera({ clip, sound: true });
    await using seen = watch(camera.url, { transport });
    await until(() => expect(seen.frames.length).toBeGreaterThan(10));
    const setups = camera.heard.filter(({ method }) => method === "SETUP");
    expect(setups.map(({ url }) => new URL(url).pathname)).toEqual(["/street/track"]);
    expect(seen.troubles).toEqual([]);
  });

  it.each([
    ["quotes", 'the "old" camera'],
    ["a backslash", "C:\\cameras\\1"],
    ["commas and equals signs", 'a, nonce="x", stale=true, Basic realm=b'],
    ["letters of all kinds", "カメラ – Straße"],
    ["nothing", ""],
  ])("whose realm holds %s lets in with digest", async (_, realm) => {
    for (const kind of ["digest", "digest-sha256"] as const) {
      await using camera = await startCamera({ clip, login: { kind, realm, ...odd } });
      await using seen = watch(camera.url, { login: odd });
      await until(() => expect(seen.frames.length).toBeGreaterThan(1));
      expect(seen.troubles).toEqual([]);
    }
  });

  it("that takes any login is answered with the strongest, and never hears the password", async () => {
    await using camera = await startCamera({ clip, login: { kind: "any", ...odd } });
    await using seen = watch(camera.url, { login: odd });
    await until(() => expect(seen.frames.length).toBeGreaterThan(1));
    const logins = camera.heard.flatMap(({ authorization }) => authorization ?? []);
    expect(logins.length).toBeGreaterThan(1);
    for (const login of logins) expect(login).toMatch(/^Digest .*algorithm=SHA-256/);
  });

  it("that takes basic alone hears every letter of a strange password", async () => {
    await using camera = await startCamera({ clip, login: { kind: "basic", ...odd } });
    await using seen = watch(camera.url, { login: odd });
    await until(() => expect(seen.frames.length).toBeGreaterThan(1));
  });

  it("that calls every nonce out of date is given up, and told for what it is", async () => {
    await using camera = await startCamera({ clip, login: { kind: "digest", ...odd }, nonceUses: 0 });
    await using seen = watch(camera.url, { login: odd, pause: () => 60_000 as never });
    await until(() => expect(seen.troubles).toEqual(["login-refused begins"]));
    expect(seen.whys[0]).toMatch(/calls every login out of date/);
    // Once without a login, and then with a fresh nonce each time, but not for ever.
    expect(camera.heard.filter(({ method }) => method === "DESCRIBE")).toHaveLength(4);
  });

  it("that refuses the password is asked once, so that it does not lock the account", async () => {
    await using camera = await startCamera({ clip, login: { kind: "digest", ...odd } });
    const login = { ...odd, password: "guess" };
    await using seen = watch(camera.url, { login, pause: () => 60_000 as never });
    await until(() => expect(seen.troubles).toEqual(["login-refused begins"]));
    expect(camera.heard.filter(({ authorization }) => authorization !== undefined)).toHaveLength(1);
  });

  it.each([
    ["GET_PARAMETER where it knows that", {}, "GET_PARAMETER"],
    ["OPTIONS where it does not", { lacks: ["GET_PARAMETER"] }, "OPTIONS"],
  ] as const)("that ends a silent session is kept awake by %s", async (_, how, method) => {
    const options: CameraOptions = { clip, sessionTimeout: 2, login: { kind: "digest", ...odd }, ...how };
    await using camera = await startCamera(options);
    await using seen = watch(camera.url, { login: odd });
    await until(() => expect(seen.frames.at(-1)?.pts).toBeGreaterThan(5000), 25_000);
    expect(seen.counted.restarts).toBe(0);
    expect(camera.visits).toBe(1);
    const after = camera.heard.slice(camera.heard.findIndex((one) => one.method === "PLAY") + 1);
    expect(new Set(after.map((one) => one.method))).toEqual(new Set([method]));
    expect(after.length).toBeGreaterThanOrEqual(4);
  });
});

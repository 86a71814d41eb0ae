import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { seconds } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type CameraOptions, startCamera } from "../../../deploy/src/camera/camera.ts";
import type { Child } from "../frames/ffmpeg-child.ts";
import type { Frame } from "../frames/frames.ts";
import { makeClip } from "../frames/made-clip.ts";
import { halved, watchedId as id, watch } from "../frames/watched.ts";
import { type RtspToFramesOptions, rtspToFrames } from "./rtsp-to-frames.ts";

const login = { user: "technician", password: "Br0mpton-Oratory" };
let folder: string;
let clip: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "live-"));
  clip = await makeClip(join(folder, "a.mp4"), "testsrc2=size=320x240:rate=20:duration=2", "-g", "10", "-bf", "0");
});
afterAll(() => rm(folder, { recursive: true }));

const until = (check: () => void, timeout = 15_000) => vi.waitFor(check, { timeout, interval: 20 });
const steps = (frames: readonly Frame[]): number[] => frames.slice(1).map((f, i) => f.pts - (frames[i]?.pts ?? 0));
const sum = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

describe.concurrent.each([
  ["tcp", undefined],
  ["udp", undefined],
  ["tcp", "basic"],
  ["udp", "digest"],
  ["tcp", "digest"],
  ["tcp", "digest-sha256"],
] as const)("over %s with %s login", (transport, kind) => {
  it("gives every frame with the stream's own times, round after round of the clip", async () => {
    const options: CameraOptions = { clip, ...(kind ? { login: { kind, ...login } } : {}) };
    await using camera = await startCamera(options);
    await using seen = watch(camera.url, { transport, ...(kind ? { login } : {}) });
    await until(() => expect(seen.frames.length).toBeGreaterThan(55));
    await seen.stop();
    const [first] = seen.frames;
    expect(first).toMatchObject({ camera: id, index: 0, pts: 0, width: 160, height: 120 });
    expect(first?.picture).toEqual({ width: 320, height: 240 });
    const even = steps(seen.frames.slice(5)).filter((step) => step >= 48 && step <= 52).length;
    // A drop on a busy machine makes one long step; anything else would be a wrong time.
    expect(even).toBeGreaterThanOrEqual(seen.frames.length - 6 - seen.counted.dropped);
    expect(new Set(seen.frames.map((frame) => sum(frame.data))).size).toBeGreaterThanOrEqual(38);
    expect(seen.states).toEqual(["watching"]);
    expect(seen.troubles).toEqual([]);
  });
});

const h265 = [
  "-c:v",
  "libx265",
  "-preset",
  "ultrafast",
  "-pix_fmt",
  "yuv420p",
  "-x265-params",
  "log-level=none:keyint=10",
];
const mjpeg = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj420p"];
describe.concurrent.each([
  ["H.265", "tcp", h265],
  ["H.265", "udp", h265],
  ["MJPEG", "tcp", mjpeg],
  ["MJPEG", "udp", mjpeg],
] as const)("a camera that sends %s over %s", (coding, transport, encoding) => {
  it("is watched like any other, every picture whole and in its time", async () => {
    const file = join(folder, `${coding}-${transport}.mkv`);
    await makeClip(file, "testsrc2=size=640x480:rate=20:duration=2", ...encoding);
    await using camera = await startCamera({ clip: file });
    await using seen = watch(camera.url, { transport });
    await until(() => expect(seen.frames.length).toBeGreaterThan(55));
    await seen.stop();
    expect(seen.frames[0]?.picture).toEqual({ width: 640, height: 480 });
    const even = steps(seen.frames.slice(5)).filter((step) => step >= 48 && step <= 52).length;
    expect(even).toBeGreaterThanOrEqual(seen.frames.length - 6 - seen.counted.dropped);
    // Were pictures patched up, the same moment of the clip would look different from round to round.
    expect(new Set(seen.frames.map((frame) => sum(frame.data))).size).toBeLessThanOrEqual(40);
    expect(seen.troubles).toEqual([]);
  });
});

describe.concurrent("a live camera", () => {
  it("dates frames by when they were taken, not by when somebody looked", async () => {
    await using camera = await startCamera({ clip });
    const begun = Date.now();
    await using seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(40));
    const now = Date.now();
    for (const { at } of seen.frames) {
      expect(at).toBeGreaterThanOrEqual(begun);
      expect(at).toBeLessThanOrEqual(now);
    }
    const zeros = seen.frames.slice(20).map((frame) => frame.at - frame.pts);
    expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThan(300);
  });

  it("gives ffmpeg the words that bring the first frame early and keep its times", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(2));
    const words = (await readFile(`/proc/${seen.children.at(-1)?.pid}/cmdline`, "utf8")).split("\0").join(" ");
    for (const part of ["-rtsp_transport tcp", "-timeout", "-analyzeduration 500000 -fpsprobesize 0"])
      expect(words).toContain(part);
    expect(words).toContain("-fps_mode passthrough");
    expect(words).not.toContain("nobuffer");
    expect(words).toMatch(/-i rtsp:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32} /);
    expect(words).not.toContain(new URL(camera.url).port);
  });

  it("hands a slow detector the newest frame and counts the others", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { slow: 300 });
    await until(() => expect(seen.frames.length).toBeGreaterThan(8));
    const last = seen.frames.at(-1);
    expect(Date.now() - (last?.at ?? 0)).toBeLessThan(1500);
    expect(seen.counted.dropped).toBeGreaterThan(20);
    // Every frame that came was given, dropped, is waiting, or is the next to come.
    expect(Math.abs(seen.counted.arrived - seen.counted.dropped - seen.frames.length)).toBeLessThanOrEqual(1);
    // Five of six were passed over, so what was handed out is as far apart as the detector is slow.
    expect(((last?.pts ?? 0) - (seen.frames[2]?.pts ?? 0)) / (seen.frames.length - 3)).toBeGreaterThan(200);
  });

  it("looks at no more frames a second than it should", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { maxFps: 5 });
    await until(() => expect(seen.frames.length).toBeGreaterThan(8));
    for (const step of steps(seen.frames)) expect(step).toBeGreaterThanOrEqual(140);
    const span = (seen.frames.at(-1)?.pts ?? 0) - (seen.frames[0]?.pts ?? 0);
    expect(span / (seen.frames.length - 1)).toBeCloseTo(200, -2);
  });

  it("notices a camera that falls silent, kills its ffmpeg, and goes on when it speaks again", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { silence: seconds(1) });
    await until(() => expect(seen.frames.length).toBeGreaterThan(10));
    camera.stall();
    await until(() => expect(seen.troubles).toEqual(["stalled begins"]));
    expect(seen.whys).toEqual(["the camera sends nothing any more"]);
    camera.resume();
    await until(() => expect(seen.troubles).toEqual(["stalled begins", "stalled ends"]));
    expect(seen.states).toEqual(["watching", "stalled", "watching"]);
    const before = seen.frames.length;
    await until(() => expect(seen.frames.length).toBeGreaterThan(before + 5));
    // Counting and time go on, and the gap is as long as it was.
    const all = seen.frames.map((frame) => frame.index);
    expect(all).toEqual(all.toSorted((a, b) => a - b));
    expect(Math.min(...steps(seen.frames))).toBeGreaterThan(0);
    expect(Math.max(...steps(seen.frames))).toBeGreaterThan(900);
  });

  it("keeps its session alive, and logs in anew when the camera wants a fresh nonce", async () => {
    const door = { kind: "digest", ...login } as const;
    await using camera = await startCamera({ clip, login: door, nonceUses: 2, sessionTimeout: 4 });
    await using seen = watch(camera.url, { login, transport: "udp" });
    await until(() => expect(seen.frames.at(-1)?.pts).toBeGreaterThan(9000), 25_000);
    expect(seen.counted.restarts).toBe(0);
    expect(camera.visits).toBe(1);
  });

  it("kills an ffmpeg that hangs and hears no SIGTERM", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { silence: seconds(1) });
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    const hung = seen.children.at(-1);
    process.kill(hung?.pid ?? 0, "SIGSTOP");
    expect(await hung?.ended).toEqual({ code: null, signal: "SIGKILL" });
    await until(() => expect(seen.troubles).toEqual(["stalled begins", "stalled ends"]));
  });

  it("comes back after a broken line without making a trouble of it, and tells of one that stays broken", async () => {
    const camera = await startCamera({ clip });
    await using seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    camera.drop();
    await until(() => expect(seen.counted.restarts).toBe(1));
    const before = seen.frames.length;
    await until(() => expect(seen.frames.length).toBeGreaterThan(before + 5));
    await camera[Symbol.asyncDispose]();
    await until(() => expect(seen.troubles).toEqual(["unreachable begins"]));
    await using back = await startCamera({ clip, port: camera.port });
    expect(back.url).toBe(camera.url);
    await until(() => expect(seen.troubles).toEqual(["unreachable begins", "unreachable ends"]));
  });

  it("takes an ffmpeg that ends with code 0 for the failure it is", async () => {
    await using camera = await startCamera({ clip });
    const errors: string[] = [];
    await using seen = watch(camera.url, { onRestart: (error) => errors.push(error.message) });
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    // The camera says goodbye in order; ffmpeg is content and so ends without an error.
    camera.bye();
    await until(() => expect(errors.length).toBeGreaterThan(0));
    expect(await seen.children[1]?.ended).toEqual({ code: 0, signal: null });
    const before = seen.frames.length;
    await until(() => expect(seen.frames.length).toBeGreaterThan(before + 5));
  });

  it("tells when parts of the stream cannot be decoded, while frames go on, and when that is over", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    camera.corrupt(0.5);
    await until(() => expect(seen.troubles).toEqual(["corrupt begins"]));
    const before = seen.frames.length;
    await until(() => expect(seen.frames.length).toBeGreaterThan(before + 5));
    camera.resume();
    await until(() => expect(seen.troubles).toEqual(["corrupt begins", "corrupt ends"]), 25_000);
    expect(seen.states).toEqual(["watching", "corrupt", "watching"]);
  }, 60_000);

  it("bears lost packets over udp", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { transport: "udp" });
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    camera.lose(0.05);
    const before = seen.frames.length;
    await until(() => expect(seen.frames.length).toBeGreaterThan(before + 40));
    expect(seen.counted.restarts).toBe(0);
  });

  it("tells of a picture that froze though frames keep coming, and of its thaw", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url, { watch: { frozenAfter: seconds(2) } });
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    camera.freeze();
    await until(() => expect(seen.troubles).toEqual(["frozen begins"]));
    expect(seen.states).toEqual(["watching", "frozen"]);
    camera.resume();
    await until(() => expect(seen.troubles).toEqual(["frozen begins", "frozen ends"]));
  });

  it("tells of a camera that sees nothing", async () => {
    const black = await makeClip(join(folder, "black.mp4"), "color=black:size=320x240:rate=20:duration=2", "-g", "10");
    await using camera = await startCamera({ clip: black });
    await using seen = watch(camera.url, { watch: { darkAfter: seconds(1) } });
    await until(() => expect(seen.troubles).toEqual(["dark begins"]));
    expect(seen.whys).toEqual(["there is nothing to see in the picture"]);
  });

  it("follows a camera that changes the size of its picture", async () => {
    const [small, large] = await Promise.all([
      makeClip(join(folder, "s.h264"), "testsrc2=size=160x240:rate=20:duration=3", "-g", "10", "-bf", "0"),
      makeClip(join(folder, "l.h264"), "testsrc2=size=640x240:rate=20:duration=3", "-g", "10", "-bf", "0"),
    ]);
    const both = join(folder, "both.h264");
    await writeFile(both, Buffer.concat([await readFile(small), await readFile(large)]));
    await using camera = await startCamera({ clip: both });
    await using seen = watch(camera.url);
    await until(() => expect(new Set(seen.frames.map((frame) => frame.picture.width))).toEqual(new Set([160, 640])));
    for (const { width, height, picture, data } of seen.frames) {
      expect({ width, height }).toEqual(halved(picture));
      expect(data.length).toBe(width * height * 3);
    }
    expect(seen.troubles).toEqual([]);
    expect(Math.min(...steps(seen.frames))).toBeGreaterThan(0);
  });

  it("knows pictures out of order, as cameras with B-frames send them", async () => {
    const odd = await makeClip(
      join(folder, "b.mp4"),
      "testsrc2=size=320x240:rate=20:duration=2",
      ...["-preset", "medium", "-g", "20", "-bf", "3"],
    );
    await using camera = await startCamera({ clip: odd });
    await using seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(60));
    const uneven = steps(seen.frames).filter((step) => step < 48 || step > 52);
    expect(uneven.length).toBeLessThanOrEqual(seen.counted.dropped);
  });

  it("watches over rtsps when the certificate is to be trusted, and only then", async () => {
    const { key, cert, file } = await certificate();
    await using camera = await startCamera({ clip, tls: { key, cert } });
    await using seen = watch(camera.url);
    await until(() => expect(seen.troubles).toEqual(["unreachable begins"]));
    expect(seen.whys.join()).toMatch(/certificate is not trusted.*NODE_EXTRA_CA_CERTS/);
    const trusting = inOwnProcess(script(camera.url), { NODE_EXTRA_CA_CERTS: file });
    await output(trusting, /frame 10\n/);
    trusting.kill("SIGKILL");
  });
});

/**
 * Runs a script in a process of its own, with the functions under test in it, and gives its output as it comes. The
 * script is TypeScript's erasable kind, in one line.
 */
function inOwnProcess(script: string, env: NodeJS.ProcessEnv): ChildProcess {
  const here = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const before = `import { rtspToFrames } from ${here("./rtsp-to-frames.ts")};`;
  const words = ["--import", "tsx", "--input-type=module", "-e", `${before}\n${script}`];
  return spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...env } });
}

const script = (url: string): string => `
  const camera = { id: "kerb", url: ${JSON.stringify(url)}, transport: "tcp", maxFps: 60 };
  const options = { signal: new AbortController().signal, onChild: (child) => console.log(child.pid) };
  for await (const frame of rtspToFrames(camera, { width: 64, height: 64 }, options))
    console.log("frame", frame.index);`;

async function output(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await until(() => expect(text).toMatch(pattern));
  return text;
}

/** A key and a certificate that nobody vouches for. */
async function certificate(): Promise<{ key: string; cert: string; file: string }> {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2"];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  await promisify(execFile)("openssl", [...words, ...subject]);
  return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8"), file: cert };
}

describe.concurrent("a camera that cannot be watched", () => {
  const refused = { kind: "digest", ...login } as const;
  it.each([
    ["a wrong password", { login: refused }, { login: { user: "technician", password: "guess" } }, "login-refused"],
    ["no password where one is wanted", { login: refused }, {}, "login-refused"],
    ["sound only", { clip: "silence" }, {}, "not-video"],
    ["an address that the camera does not know", { path: "other" }, {}, "not-video"],
    ["a transport that the camera refuses", { refuses: ["tcp"] }, {}, "not-video"],
  ] as const)("is told for what it is: %s", async (_, how, more, trouble) => {
    await using camera = await startCamera({ clip, ...(how as Partial<CameraOptions>) });
    const url = camera.url.replace(/\/other$/, "/street");
    await using seen = watch(url, more);
    await until(() => expect(seen.troubles).toEqual([`${trouble} begins`]));
    expect(seen.states).toEqual([trouble]);
    expect(seen.whys[0]).toMatch(/^the camera \w+ .{10,}/);
    expect(seen.frames).toEqual([]);
  });

  it("is told for what it is: nothing listens there", async () => {
    const camera = await startCamera({ clip });
    await camera[Symbol.asyncDispose]();
    await using seen = watch(camera.url);
    await until(() => expect(seen.troubles).toEqual(["unreachable begins"]));
    expect(seen.whys[0]).toMatch(/nothing listens at its port/);
  });

  it("is told for what it is: a web server", async () => {
    const web = createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await new Promise((resolve) => web.once("listening", resolve));
    await using seen = watch(`rtsp://127.0.0.1:${(web.address() as AddressInfo).port}/street`);
    await until(() => expect(seen.troubles).toEqual(["not-video begins"]));
    expect(seen.whys[0]).toMatch(/does not speak RTSP/);
    web.closeAllConnections();
    web.close();
  });

  it("is told for what it is: nothing of the stream can be decoded", async () => {
    await using camera = await startCamera({ clip });
    camera.corrupt(1);
    await using seen = watch(camera.url);
    await until(() => expect(seen.troubles[0]).toMatch(/^(corrupt|not-video) begins$/));
  });
});

describe("secrets and leftovers", () => {
  /** Everything that can be read of our processes from outside: words and environments. */
  async function inProc(): Promise<string> {
    const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    const texts = await Promise.all(
      pids.map(async (pid) => {
        if (pid === String(process.pid)) return "";
        const parent = /\nPPid:\t(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""))?.[1];
        if (parent !== String(process.pid)) return "";
        const read = (what: string) => readFile(`/proc/${pid}/${what}`, "utf8").catch(() => "");
        return `${await read("cmdline")}\n${await read("environ")}\n`;
      }),
    );
    return texts.join("");
  }

  it("never shows the camera's password in the process list, in messages or in errors", async () => {
    process.env.OPENKERB_TEST_SECRET = login.password;
    try {
      await using camera = await startCamera({ clip, login: { kind: "basic", ...login } });
      const errors: string[] = [];
      const onRestart: RtspToFramesOptions["onRestart"] = (error) =>
        errors.push(JSON.stringify([error.message, error.stack, String(error.cause)]));
      await using seen = watch(camera.url, { login, onRestart });
      await until(() => expect(seen.frames.length).toBeGreaterThan(5));
      const visible = await inProc();
      expect(visible).toMatch(/ffmpeg/);
      const basic = Buffer.from(`${login.user}:${login.password}`).toString("base64");
      for (const secret of [login.password, basic, login.user]) expect(visible).not.toContain(secret);
      camera.drop();
      await until(() => expect(errors.length).toBeGreaterThan(0));
      expect(errors.join() + seen.whys.join()).not.toContain(login.password);
    } finally {
      delete process.env.OPENKERB_TEST_SECRET;
    }
  });

  it("leaves no ffmpeg behind when told to stop, and says that it was told", async () => {
    await using camera = await startCamera({ clip });
    const seen = watch(camera.url);
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    const reason = await seen.stop();
    expect((reason as Error).name).toBe("AbortError");
    expect(seen.children.length).toBeGreaterThan(0);
    for (const { pid } of seen.children) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    await until(() => expect(camera.clients).toBe(0));
  });

  it("leaves no ffmpeg behind even when the agent itself is killed", async () => {
    await using camera = await startCamera({ clip });
    const agent = inOwnProcess(script(camera.url), {});
    const text = await output(agent, /frame 5\n/);
    const pids = [...text.matchAll(/^(\d+)$/gm)].map((row) => Number(row[1]));
    expect(pids.length).toBeGreaterThan(0);
    agent.kill("SIGKILL");
    await until(() => {
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    });
  });

  it("leaves no ffmpeg behind when whoever watches turns away", async () => {
    await using camera = await startCamera({ clip });
    const children: Child[] = [];
    const options = { signal: new AbortController().signal, onChild: (child: Child) => children.push(child) };
    for await (const frame of rtspToFrames({ id, url: camera.url, transport: "tcp", maxFps: 60 }, halved, options)) {
      if (frame.index > 3) break;
    }
    for (const { pid } of children) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });
});

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCamera } from "./camera.ts";

const run = promisify(execFile);
let folder: string;
let clip: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "camera-"));
  clip = join(folder, "clip.mp4");
  // Large enough pictures for fragments, B-frames, and a round so short that every test sees the seam.
  const source = "testsrc2=size=640x480:rate=20:duration=1";
  const encoding = ["-c:v", "libx264", "-bf", "2", "-g", "10", "-pix_fmt", "yuv420p"];
  await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, ...encoding, clip]);
});
afterAll(() => rm(folder, { recursive: true }));

type Seen = { times: number[]; hashes: string[]; said: string };

/** Plays with the ffmpeg of this machine and lists the pictures it shows. */
async function play(url: string, transport: "tcp" | "udp", frames: number): Promise<Seen> {
  const words = ["-v", "warning", "-nostdin", "-rtsp_transport", transport, "-i", url, "-frames:v", String(frames)];
  const shown = ["-fps_mode", "passthrough", "-enc_time_base", "1:1000", "-f", "framemd5", "pipe:1"];
  const { stdout, stderr } = await run("ffmpeg", [...words, ...shown], { timeout: 20_000 });
  const rows = [...stdout.matchAll(/^0,\s*-?\d+,\s*(-?\d+),\s*\d+,\s*\d+,\s*(\w+)$/gm)];
  return { times: rows.map((row) => Number(row[1])), hashes: rows.map((row) => row[2] ?? ""), said: stderr };
}

describe.concurrent.each(["tcp", "udp"] as const)("over %s", (transport) => {
  it("plays in ffmpeg round after round, times going on evenly over the seam and no picture damaged", async () => {
    await using camera = await startCamera({ clip });
    const { times, hashes, said } = await play(camera.url, transport, 50);
    // ffmpeg itself gives the first pictures of a stream with B-frames one time.
    const steps = times.slice(5).map((time, i) => time - (times[i + 4] ?? 0));
    expect(steps).toEqual(steps.map(() => 50));
    expect(hashes).toHaveLength(50);
    expect(new Set(hashes).size).toBe(20);
    expect(said).not.toMatch(/error|missed|corrupt|concealing/i);
  });

  it.each(["basic", "digest"] as const)(
    "lets in with %s login whoever knows the password, and nobody else",
    async (kind) => {
      await using camera = await startCamera({ clip, login: { kind, user: "kerb", password: "p ss&%w" } });
      const named = (password: string) => camera.url.replace("//", `//kerb:${encodeURIComponent(password)}@`);
      expect((await play(named("p ss&%w"), transport, 3)).hashes).toHaveLength(3);
      await expect(play(named("guess"), transport, 3)).rejects.toThrow(/401/);
      await expect(play(camera.url, transport, 3)).rejects.toThrow(/401/);
    },
  );
});

it.concurrent("tells ffprobe what it shows", async () => {
  await using camera = await startCamera({ clip, path: "a/deep/path" });
  expect(camera.url).toMatch(/\/a\/deep\/path$/);
  const shown = ["-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"];
  const { stdout } = await run("ffprobe", ["-v", "error", "-rtsp_transport", "tcp", ...shown, camera.url]);
  expect(stdout.trim()).toBe("h264,640,480");
  await expect(play(camera.url.replace("deep", "other"), "tcp", 1)).rejects.toThrow(/404/);
});

it.concurrent("serves several at once, in real time, and forgets those that went", async () => {
  await using camera = await startCamera({ clip });
  const begun = performance.now();
  const seen = await Promise.all([
    play(camera.url, "tcp", 30),
    play(camera.url, "udp", 30),
    play(camera.url, "tcp", 30),
  ]);
  expect(performance.now() - begun).toBeGreaterThan(1400);
  for (const { hashes } of seen) expect(hashes).toHaveLength(30);
  await vi.waitFor(() => expect(camera.clients).toBe(0));
  expect(camera.visits).toBe(3);
});

it.concurrent("shows one picture for ever when frozen, while time goes on", async () => {
  await using camera = await startCamera({ clip });
  camera.freeze();
  const { times, hashes } = await play(camera.url, "tcp", 24);
  expect(new Set(hashes.slice(4)).size).toBe(1);
  expect(times.at(-1)).toBeGreaterThanOrEqual(900);
});

it.concurrent("damages packets and loses them when told to", async () => {
  await using camera = await startCamera({ clip });
  camera.corrupt(0.3);
  expect((await play(camera.url, "tcp", 30)).said).toMatch(/error|concealing|invalid|corrupt/i);
  camera.resume();
  camera.lose(0.1);
  expect((await play(camera.url, "udp", 30)).said).toMatch(/missed|error|concealing/i);
});

it.concurrent("falls silent on demand though connections stay, and goes on afterwards", async () => {
  await using camera = await startCamera({ clip });
  const words = ["-v", "error", "-rtsp_transport", "tcp", "-i", camera.url, "-f", "framemd5", "-flush_packets", "1"];
  const player = spawn("ffmpeg", [...words, "-fps_mode", "passthrough", "pipe:1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(player, "close");
  let rows = 0;
  player.stdout.on("data", (chunk: Buffer) => {
    rows += chunk.toString().split("\n").length - 1;
  });
  await vi.waitFor(() => expect(rows).toBeGreaterThan(20), 10_000);
  camera.stall();
  let before = -1;
  await vi.waitFor(
    () => {
      const same = rows === before;
      before = rows;
      expect(same).toBe(true);
    },
    { timeout: 10_000, interval: 500 },
  );
  expect(camera.clients).toBe(1);
  camera.resume();
  await vi.waitFor(() => expect(rows).toBeGreaterThan(before + 10), 10_000);
  camera.drop();
  await ended;
  expect(camera.clients).toBe(0);
});

it.concurrent("does not wait for what is no RTSP", async () => {
  await using camera = await startCamera({ clip });
  const socket = connect(camera.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^RTSP\/1\.0 400/);
  socket.destroy();
});

it.concurrent("says so when its port is taken or the clip is of a kind that no camera sends", async () => {
  await using camera = await startCamera({ clip });
  await expect(startCamera({ clip, port: camera.port })).rejects.toThrow(
    /cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)/,
  );
  const old = join(folder, "old.avi");
  await run("ffmpeg", ["-v", "error", "-i", clip, "-c:v", "msmpeg4v3", old]);
  await expect(startCamera({ clip: old })).rejects.toBeInstanceOf(Trouble);
});

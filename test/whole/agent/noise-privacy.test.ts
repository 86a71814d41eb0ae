import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bandOf,
  type Instant,
  instant,
  type Reading,
  ReadingBatch,
  SensorId,
  SiteSensor,
  thirdOctaves,
} from "@openkerb/contract";
import { sensorsToReadings } from "@openkerb/edge-agent";
import { watchMicrophone } from "@openkerb/edge-agent/noise/watch-microphone";
import { found, ours } from "@openkerb/edge-agent/sensors/profile-folder";
import { connectAsync } from "mqtt";
import { expect, it } from "vitest";
import { madeFolder, until } from "../hub-bed.ts";
import { mosquittoBroker } from "./brokers.ts";
import { hubStandIn } from "./hub-stand-in.ts";

const rate = 48_000;
const fullScale = 16;
/** All that a microphone tells at most: six levels of the whole sound, and one of each third-octave band. */
const levelsAMinute = 6 + thirdOctaves.length;
const calibration = { fullScale, date: "2026-11-02", calibrator: "94 dB, 1000 Hz" };

/** Numbers that look like chance and are the same every time. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a voice is made of: forty tones with the slope of speech, in symbols of 25 ms that differ by their phases alone. */
const symbolLength = rate / 40;
const alphabet = Array.from({ length: 16 }, (_, letter) => {
  const random = dice(letter + 1);
  const tones = Array.from({ length: 40 }, (_, k) => ({ hertz: 200 + 80 * k, phase: 2 * Math.PI * random() }));
  return Float64Array.from({ length: symbolLength }, (_, i) =>
    tones.reduce(
      (sum, { hertz, phase }) => sum + Math.sin((2 * Math.PI * hertz * i) / rate + phase) * (300 / hertz),
      0,
    ),
  );
});

/** A speech-like sound that hides a message: syllables four times a second, and in each symbol one letter of sixteen. */
function spoken(seconds: number, message: number): Int16Array {
  const letter = dice(message);
  const out = new Int16Array(seconds * rate);
  for (let at = 0; at < out.length; at += symbolLength) {
    const symbol = alphabet[Math.floor(16 * letter())]!;
    for (let i = 0; i < symbolLength; i++) {
      const syllable = 1 + 0.6 * Math.cos((2 * Math.PI * 4 * (at + i)) / rate);
      out[at + i] = Math.round(3000 * syllable * symbol[i]!);
    }
  }
  return out;
}

/** So many samples in a row are found wherever they begin: a sixth of a thousandth of a second. */
const windowLength = 8;
const encodings: readonly [name: string, width: number, put: (view: DataView, at: number, v: number) => void][] = [
  ["s16le", 2, (view, at, v) => view.setInt16(at, v, true)],
  ["s16be", 2, (view, at, v) => view.setInt16(at, v)],
  ["s32le", 4, (view, at, v) => view.setInt32(at, v * 65_536, true)],
  ["s32be", 4, (view, at, v) => view.setInt32(at, v * 65_536)],
  ...[1, fullScale].flatMap((scale): typeof encodings => [
    [`f32le of ${scale}`, 4, (view, at, v) => view.setFloat32(at, (v / 32_768) * scale, true)],
    [`f32be of ${scale}`, 4, (view, at, v) => view.setFloat32(at, (v / 32_768) * scale)],
    [`f64le of ${scale}`, 8, (view, at, v) => view.setFloat64(at, (v / 32_768) * scale, true)],
    [`f64be of ${scale}`, 8, (view, at, v) => view.setFloat64(at, (v / 32_768) * scale)],
  ]),
];
const encoded = (samples: Int16Array, [, width, put]: (typeof encodings)[number]): Buffer => {
  const bytes = Buffer.alloc(samples.length * width);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [i, v] of samples.entries()) put(view, i * width, v);
  return bytes;
};

/** Everything that stands in `written`, also behind base64 and hex, cut anywhere. */
function layers(written: Buffer): Buffer {
  const text = written.toString("latin1");
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)].flatMap(([run]) => [
    ...[0, 1, 2, 3].map((cut) => Buffer.from(run.slice(cut), "base64")),
    ...[0, 1].map((cut) => Buffer.from(run.slice(cut), "hex")),
  ]);
  return Buffer.concat([written, ...decoded]);
}

/** Which encodings of any eight samples in a row occur in what was written. */
function soundIn(written: Buffer, samples: Int16Array): string[] {
  const text = layers(written).toString("latin1");
  return encodings.flatMap((encoding) => {
    const bytes = encoded(samples, encoding).toString("latin1");
    const size = windowLength * encoding[1];
    // Whoever holds so many samples in a row holds one of those that begin at every second place.
    const windows = new Set<string>();
    for (let at = 0; at + size <= bytes.length; at += 2 * encoding[1]) windows.add(bytes.slice(at, at + size));
    for (let at = 0; at + size <= text.length; at++) if (windows.has(text.slice(at, at + size))) return [encoding[0]];
    return [];
  });
}

async function bytesIn(folder: string): Promise<Buffer> {
  const all = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = all.filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map((f) => readFile(join(f.parentPath, f.name)))));
}

it("would find sound wherever it were written", () => {
  const samples = spoken(1, 5);
  const piece = samples.subarray(20_001, 20_001 + 2 * windowLength);
  const around = (bytes: Buffer) => Buffer.concat([Buffer.from('{"level":"'), bytes, Buffer.from('"}')]);
  for (const encoding of encodings) {
    const bytes = encoded(piece, encoding);
    expect(soundIn(around(bytes), samples)).toContain(encoding[0]);
    expect(soundIn(around(Buffer.from(bytes.toString("base64"))), samples)).toContain(encoding[0]);
    expect(soundIn(around(Buffer.from(bytes.toString("hex"))), samples)).toContain(encoding[0]);
  }
  expect(soundIn(around(Buffer.from("no sound here, only words and 61.25 dB")), samples)).toEqual([]);
}, 120_000);

it("leaves no sound on the disk, on the line or in the log, only 33 levels a minute", async () => {
  await using folder = await madeFolder();
  const [home, temporary, data] = ["home", "tmp", "data"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [home, temporary, data]) await mkdir(path);
  const samples = spoken(10, 42);
  const sound = join(folder.path, "street.raw");
  await writeFile(sound, encoded(samples, encodings[0]!));
  // A sound card of ALSA's own making: it plays the file again and again.
  await writeFile(
    join(home, ".asoundrc"),
    `pcm.street { type file\n slave.pcm "null"\n file /dev/null\n infile ${sound}\n format raw }\n`,
  );
  await using broker = await mosquittoBroker();
  await using hub = await hubStandIn(broker.url);
  const ear = await connectAsync(broker.url, { protocolVersion: 4, clientId: "ear" });
  const published: { topic: string; payload: Buffer }[] = [];
  ear.on("message", (topic, payload) => published.push({ topic, payload }));
  await ear.subscribeAsync("#");
  const site = join(folder.path, "site.json");
  const bus = { kind: "microphone", device: "street", calibration, thirdOctaves: true };
  await writeFile(
    site,
    JSON.stringify({
      ...{ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01" },
      sensors: [{ id: "ear", name: "Ear", profile: "microphone", bus }],
    }),
  );
  const agent = spawn(
    process.execPath,
    [
      ...[fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url)), "agent", "--site", site],
      ...["--hub", broker.url, "--data", data, "--log", "debug"],
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, HOME: home, TMPDIR: temporary, TSX_DISABLE_CACHE: "1" },
    },
  );
  const log: Buffer[] = [];
  for (const stream of [agent.stdout, agent.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk));
  try {
    const processes = new Set([String(agent.pid)]);
    const written = new Set<string>();
    await until(async () => {
      const children = await readFile(`/proc/${agent.pid}/task/${agent.pid}/children`, "utf8");
      for (const pid of children.split(" ")) if (pid !== "") processes.add(pid);
      for (const pid of processes) for (const path of await openForWriting(pid)) written.add(path);
      const [, io] = await Promise.all([
        hub.births.length > 0 || Promise.reject(new Error("no birth yet")),
        Promise.all([...processes].slice(1).map((pid) => readFile(`/proc/${pid}/io`, "utf8").catch(() => ""))),
      ]);
      // Four seconds of sound have gone from ffmpeg to the agent.
      expect(Math.max(0, ...io.map((text) => Number(/^wchar: (\d+)/m.exec(text)?.[1] ?? 0)))).toBeGreaterThan(768_000);
    }, 60_000);
    expect([...written].filter((path) => !path.startsWith(`${data}/`))).toEqual([]);
    // Of what still runs: whoever switched the dumps off is gone by now.
    const limits = await Promise.all(
      [...processes].map((pid) => readFile(`/proc/${pid}/limits`, "utf8").catch(() => undefined)),
    );
    const running = limits.filter((text) => text !== undefined);
    expect(running.length).toBeGreaterThanOrEqual(2);
    for (const text of running) expect(text).toMatch(/^Max core file size +1 +1 /m);
    agent.kill("SIGTERM");
    const [code] = await once(agent, "exit");
    expect({ code, log: Buffer.concat(log).toString() }).toMatchObject({
      code: 0,
      log: expect.stringContaining('"stopped"'),
    });

    const batches = published.filter(({ topic }) => topic.endsWith("/up/readings"));
    const readings = batches.flatMap(({ payload }) => ReadingBatch.parse(JSON.parse(payload.toString())).items);
    const spans = new Map(readings.map(({ sequence, reading }) => [sequence, reading]));
    expect(spans.size).toBeGreaterThanOrEqual(levelsAMinute);
    const minutes = new Set([...spans.values()].map(({ at }) => at));
    // Numbers of two decimals below 200: no more than 500 bits a minute, less than a tenth of what the plainest
    // speech coder needs for one second of a voice.
    expect(spans.size).toBeLessThanOrEqual(levelsAMinute * minutes.size);
    for (const { at, averaging, value } of spans.values()) {
      expect({ whole: at % 60_000, averaging }).toEqual({ whole: 0, averaging: 60_000 });
      expect(value).toBe(Math.round(value * 100) / 100);
    }
    const everything = Buffer.concat([
      ...log,
      ...published.flatMap(({ topic, payload }) => [Buffer.from(topic), payload]),
      ...(await Promise.all([data, temporary].map(bytesIn))),
    ]);
    expect(everything.length).toBeGreaterThan(10_000);
    expect(soundIn(everything, samples)).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  } finally {
    agent.kill("SIGKILL");
    await ear.endAsync(true);
  }
}, 180_000);

/** Files of a disk that a process holds open for writing. */
async function openForWriting(pid: string): Promise<string[]> {
  const numbers = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const all = await Promise.all(
    numbers.map(async (fd) => {
      const named = () => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      const path = await named();
      const info = await readFile(`/proc/${pid}/fdinfo/${fd}`, "utf8").catch(() => "");
      // A number may have been given to another file in between.
      if ((await named()) !== path) return [];
      const flags = Number.parseInt(/^flags:\s+(\d+)/m.exec(info)?.[1] ?? "0", 8);
      return path.startsWith("/") && !path.startsWith("/dev/") && (flags & 3) !== 0 ? [path] : [];
    }),
  );
  return all.flat();
}

/** The readings of one minute of a sound. */
async function levelsOf(folder: string, samples: Int16Array): Promise<Record<string, number>> {
  const file = join(folder, "minute.raw");
  await writeFile(file, encoded(samples, encodings[0]!));
  const stop = new AbortController();
  const sensor = SiteSensor.parse({
    ...{ id: "ear", name: "Ear", profile: "microphone" },
    bus: { kind: "microphone", device: "hw:1,0", calibration, thirdOctaves: true },
  });
  if (sensor.bus.kind !== "microphone") throw new Error("not a microphone");
  let blocks = 0;
  const now = (): Instant => instant(60_000 + 90 * blocks++);
  const profile = await found(ours, "microphone");
  const minutes = watchMicrophone(sensor.bus, profile, {
    ...{ signal: stop.signal, now, onFailed: () => stop.abort() },
    input: () => ["-f", "s16le", "-ar", String(rate), "-ac", "1", "-i", file],
  });
  const readings: Reading[] = [];
  const stamp = () => ({
    ...{ clock: "synced" as const, quality: 1 as const },
    provenance: { source: "agent:test@1", config: "000000000000" },
  });
  try {
    for await (const one of sensorsToReadings(minutes, { id: SensorId.parse("ear"), interval: 10 }, profile, stamp))
      readings.push(one);
  } catch (err) {
    if (!stop.signal.aborted) throw err;
  }
  expect(readings).toHaveLength(levelsAMinute);
  expect(new Set(readings.map(({ quality }) => quality))).toEqual(new Set([1]));
  return Object.fromEntries(readings.map(({ metric, value }) => [metric, value]));
}

it("tells nobody what was said: another message, and the same one backwards, give the same levels", async () => {
  await using folder = await madeFolder();
  const said = spoken(60, 42);
  const other = spoken(60, 4711);
  const backwards = Int16Array.from(said).reverse();
  const difference = (a: Int16Array, b: Int16Array) => a.reduce((count, v, i) => count + (v === b[i] ? 0 : 1), 0);
  expect(difference(said, other)).toBeGreaterThan(0.9 * said.length);
  expect(difference(said, backwards)).toBeGreaterThan(0.9 * said.length);
  const levels = await levelsOf(folder.path, said);
  expect(levels.laeq).toBeGreaterThan(60);
  expect(levels.la10! - levels.la90!).toBeGreaterThan(1);
  for (const content of [other, backwards]) {
    const same = await levelsOf(folder.path, content);
    const different = Object.entries(levels).filter(([metric, level]) => {
      const hertz = Number(bandOf(metric) ?? 1000);
      // In a band beside the voice lies only what the seams between letters leave by chance.
      return Math.abs(same[metric]! - level) >= (hertz < 200 || hertz > 3150 ? 1 : 0.1);
    });
    expect(different.map(([metric, level]) => ({ metric, level, other: same[metric] }))).toEqual([]);
  }
}, 180_000);

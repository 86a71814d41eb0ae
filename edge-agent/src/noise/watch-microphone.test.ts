import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instant, instant, type Reading, SensorId, SiteSensor, thirdOctaves } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import { sensorsToReadings } from "../flow/sensors-to-readings.ts";
import { found, ours } from "../sensors/profile-folder.ts";
import { sensorGauge } from "../sensors/sensor-gauge.ts";
import { listen, type Microphone, type SoundInput } from "./microphone.ts";
import { watchMicrophone } from "./watch-microphone.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const calibration = { fullScale: 20, date: "2026-11-02", calibrator: "Class 1, no. 4711" };
const microphone = (more: object = {}) =>
  SiteSensor.parse({
    ...{ id: "ear", name: "Ear", profile: "microphone" },
    bus: { kind: "microphone", device: "hw:1,0", ...more },
  }).bus as Microphone;

/** Sound that ffmpeg makes itself, as fast as it can. */
const made =
  (graph: string): SoundInput =>
  () => ["-f", "lavfi", "-i", graph];
const sine = (amplitude: number, more = "") => made(`aevalsrc=${amplitude}*sin(2*PI*1000*t):s=48000${more}`);

const stamp = () => ({
  clock: "synced" as const,
  quality: 1 as const,
  provenance: { source: "agent:test@1", config: "000000000000" },
});

/** Readings until there are so many minutes or failures; the clock goes on by a tenth of a second with each block. */
async function hear(
  input: SoundInput | undefined,
  bus = microphone(),
  { minutes = 1, failures = 99, patience = 5000 } = {},
) {
  const stop = new AbortController();
  closing.push(() => stop.abort());
  let t = 60_000;
  const now = (): Instant => {
    t += 100;
    return instant(t);
  };
  const [readings, whys, states]: [Reading[], string[], string[]] = [[], [], []];
  const gauge = sensorGauge(
    SensorId.parse("ear"),
    () => instant(t),
    (state) => states.push(state),
  );
  const profile = await found(ours, "microphone");
  const samples = (async function* () {
    let ended = 0;
    for await (const sample of watchMicrophone(bus, profile, {
      ...{ signal: stop.signal, now, input, patience },
      onFailed: (error) => {
        gauge.failed(error);
        whys.push(error.message);
        if (whys.length >= failures) stop.abort();
      },
    })) {
      gauge.said(sample);
      yield sample;
      if (++ended >= minutes) stop.abort();
    }
  })();
  const sensor = { id: SensorId.parse("ear"), interval: 10 };
  try {
    for await (const one of sensorsToReadings(samples, sensor, profile, stamp)) readings.push(one);
  } catch (err) {
    if (!stop.signal.aborted) throw err;
  }
  const minute = (at: number) =>
    Object.fromEntries(readings.filter((r) => r.at === at).map((r) => [r.metric, r.value]));
  return { readings, whys, states, first: minute(60_000), second: minute(120_000), health: gauge.read() };
}

it("tells the levels of every minute of a calibrated microphone, from the tone of a calibrator", async () => {
  // 1 Pa, which is 94 dB, is a wave of root two.
  const { readings, first, second, health } = await hear(sine(Math.SQRT2 / 20), microphone({ calibration }), {
    minutes: 2,
  });
  for (const metric of ["laeq", "lceq", "lafmax", "la10", "la50", "la90"] as const) {
    expect(Math.abs(first[metric]! - 93.98)).toBeLessThan(0.05);
    expect(Math.abs(second[metric]! - 93.98)).toBeLessThan(0.05);
  }
  expect(readings[0]).toMatchObject({
    ...{ at: 60_000, averaging: 60_000, unit: "dB[SPL]", quality: 1 },
    provenance: { source: "profile:microphone@1.calibrated-2026-11-02" },
  });
  expect(health).toMatchObject({ state: "measuring", refused: 0, restarts: 0 });
});

it("tells the level of each third-octave band where they are asked for, and else none", async () => {
  const bus = microphone({ calibration, thirdOctaves: true });
  const { readings, first } = await hear(sine(Math.SQRT2 / 20), bus);
  expect(Object.keys(first)).toHaveLength(6 + thirdOctaves.length);
  expect(Math.abs(first["lzeq-1000"]! - 93.98)).toBeLessThan(0.05);
  for (const band of thirdOctaves)
    if (band !== "1000") expect({ band, quiet: first[`lzeq-${band}`]! < 60 }).toEqual({ band, quiet: true });
  // A quiet band is a measured one, not one beyond the microphone.
  expect(new Set(readings.filter(({ at }) => at === 60_000).map(({ quality }) => quality))).toEqual(new Set([1]));
  const { first: plain } = await hear(sine(0.05), microphone({ calibration }));
  expect(Object.keys(plain)).toEqual(["laeq", "lceq", "lafmax", "la10", "la50", "la90"]);
});

it("says no level of a band that the sample rate cannot carry", async () => {
  const { readings } = await hear(
    made("aevalsrc=0.1*sin(2*PI*1000*t):s=16000"),
    microphone({ rate: 16_000, thirdOctaves: true }),
  );
  const bands = readings.map(({ metric }) => metric).filter((metric) => metric.startsWith("lzeq-"));
  expect(bands.at(-1)).toBe("lzeq-6300");
});

it("says which levels belong to nobody's calibration", async () => {
  const { readings, health } = await hear(sine(0.1));
  expect(new Set(readings.map(({ quality }) => quality))).toEqual(new Set([3]));
  expect(readings[0]!.provenance.source).toBe("profile:microphone@1.uncalibrated");
  expect(health.state).toBe("uncalibrated");
});

it("suspects a minute that was too loud for the microphone", async () => {
  const { readings, health } = await hear(sine(1.5), microphone({ calibration }));
  expect(readings[0]).toMatchObject({ metric: "laeq", quality: 3 });
  expect(health.state).toBe("overloaded");
});

it("calls a microphone cut off that gives the same sample for ten seconds, and the minute bad", async () => {
  const { readings, whys, states } = await hear(made("anullsrc=r=48000:cl=mono"), microphone({ calibration }), {
    failures: 2,
  });
  expect(whys[0]).toContain("same sample for 10 s");
  expect(states).toEqual(["cut-off"]);
  expect(new Set(readings.map(({ quality }) => quality))).toEqual(new Set([4]));
  // What 16 bits cannot tell from nothing, not minus two hundred decibels.
  expect(readings[0]!.value).toBeCloseTo(20 * Math.log10((20 * 2 ** -15) / Math.sqrt(12) / 2e-5), 1);
});

it("hears the channel that the microphone is on", async () => {
  const two = made(`aevalsrc=0.5*sin(2*PI*1000*t)|${Math.SQRT2 / 20}*sin(2*PI*1000*t):s=48000`);
  const { first } = await hear(two, microphone({ calibration, channels: 2, channel: 2 }));
  expect(Math.abs(first.laeq! - 93.98)).toBeLessThan(0.05);
});

it("starts anew when the sound ends, and goes on within the same minute", async () => {
  const { first, readings, whys, health } = await hear(sine(Math.SQRT2 / 20, ":d=25"), microphone({ calibration }));
  expect(whys.length).toBeGreaterThanOrEqual(2);
  expect(whys[0]).toContain("broke off");
  expect(readings.filter(({ at, metric }) => at === 60_000 && metric === "laeq")).toHaveLength(1);
  expect(Math.abs(first.laeq! - 93.98)).toBeLessThan(0.05);
  expect(first.lafmax! - first.la90!).toBeLessThan(0.1);
  expect(health.restarts).toBe(whys.length);
});

it("says that there is no such sound card, and what to do", async () => {
  const { whys, states, readings } = await hear(undefined, microphone({ device: "hw:97,0" }), { failures: 1 });
  expect(whys[0]).toBe("there is no microphone hw:97,0; arecord -l lists those there are");
  expect(states).toEqual(["unplugged"]);
  expect(readings).toEqual([]);
});

it("ends an ffmpeg that hangs, and calls the microphone silent", async () => {
  // Takes the call and says nothing.
  const server = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  const address = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const input: SoundInput = () => ["-f", "f32le", "-ar", "48000", "-ac", "1", "-i", address];
  const { whys } = await hear(input, microphone(), { failures: 1, patience: 300 });
  expect(whys).toEqual(["the microphone hw:1,0 gives no sound for 0.3 s"]);
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  expect(lines.filter((line) => line.startsWith("ffmpeg") && line.includes(address))).toEqual([]);
});

it("overwrites the sound it has taken, and keeps none when it ends", async () => {
  const folder = await mkdtemp(join(tmpdir(), "openkerb-ear-"));
  closing.push(() => rm(folder, { recursive: true }));
  const file = join(folder, "sound.f32");
  await writeFile(
    file,
    Buffer.from(Float32Array.from({ length: 48_000 * 8 }, (_, i) => 0.3 * Math.sin(i * i * 1e-6)).buffer),
  );
  const blocks = new Set<Float64Array>();
  const stop = new AbortController();
  const input: SoundInput = () => ["-f", "f32le", "-ar", "48000", "-ac", "1", "-i", file];
  await expect(
    (async () => {
      for await (const _ of listen(microphone(), (block) => blocks.add(block), { signal: stop.signal, input }));
    })(),
  ).rejects.toThrow("broke off");
  expect(blocks.size).toBe(1);
  expect([...blocks].every((block) => block.every((v) => v === 0))).toBe(true);
});

it("ends its ffmpeg when nobody asks for minutes any more", async () => {
  const stop = new AbortController();
  let t = 60_000;
  const now = (): Instant => {
    t += 100;
    return instant(t);
  };
  const bus = microphone({ calibration });
  for await (const _ of watchMicrophone(bus, await found(ours, "microphone"), {
    ...{ signal: stop.signal, now, input: sine(0.1) },
  }))
    break;
  expect(stop.signal.aborted).toBe(false);
});

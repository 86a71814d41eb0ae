import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CameraId, Health, type Instant, type Sequence } from "@openkerb/contract";
import { describe, expect, it, vi } from "vitest";
import { cameraGauge } from "./camera-gauge.ts";
import { type ClockState, readClock } from "./clock.ts";
import { deviceTroubles, type Look } from "./device-troubles.ts";
import { readMachine } from "./machine.ts";
import { watchDevice } from "./watch-device.ts";

const GiB = 1024 ** 3;

describe("the machine", () => {
  it("tells memory, load and disk of this very box", async () => {
    const { memory, load, disk } = await readMachine(tmpdir());
    expect(memory).toBeGreaterThan(10_000_000);
    expect(load).toBeGreaterThanOrEqual(0);
    expect(disk?.total).toBeGreaterThan(disk?.free ?? Number.POSITIVE_INFINITY);
  });

  it.each([
    ["the hottest of the processor's zones", { cpu: "61200", "soc-thermal": "64900", battery: "90000" }, 64.9],
    ["any zone when none is the processor's", { acpitz: "41000", other: "" }, 41],
    ["nothing when no zone makes sense", { cpu: "0", acpitz: "-274000" }, undefined],
    ["nothing when there are no zones", {}, undefined],
  ])("reads %s", async (_what, zones, celsius) => {
    const folder = mkdtempSync(join(tmpdir(), "thermal-"));
    for (const [i, [type, temp]] of Object.entries(zones).entries()) {
      mkdirSync(join(folder, `thermal_zone${i}`));
      writeFileSync(join(folder, `thermal_zone${i}`, "type"), `${type}\n`);
      writeFileSync(join(folder, `thermal_zone${i}`, "temp"), temp === "" ? "" : `${temp}\n`);
    }
    expect((await readMachine(tmpdir(), folder)).temperature).toBe(celsius);
    rmSync(folder, { recursive: true });
  });

  it("leaves out what it cannot read instead of failing", async () => {
    expect(await readMachine("/nowhere/at/all", "/nowhere")).not.toHaveProperty("disk");
  });
});

describe("the clock", () => {
  const chrony = (offset: string, leap: string): string =>
    `C0A80001,192.168.0.1,3,1795450000.123,${offset},0.000012,0.000034,-12.3,0.001,0.02,0.012,0.003,64.2,${leap}\n`;
  const none = async (): Promise<undefined> => undefined;
  it.each<[string, "synced" | "running" | "absent", string | undefined, ClockState]>([
    ["timesyncd has set it", "synced", undefined, { quality: "synced" }],
    ["timesyncd runs but has not", "running", undefined, { quality: "unsynced" }],
    ["nobody we know keeps it", "absent", undefined, { quality: "unknown" }],
    ["chrony keeps it", "absent", chrony("0.000150", "Normal"), { quality: "synced", offset: -0.15 }],
    ["chrony has no source", "synced", chrony("0.0", "Not synchronised"), { quality: "unsynced" }],
    [
      "chrony is ahead by a fraction",
      "absent",
      chrony("-0.0025004", "Insert second"),
      { quality: "synced", offset: 2.5 },
    ],
    ["chrony names no offset", "absent", chrony("-", "Normal"), { quality: "unknown" }],
    [
      "chrony leaves fields out",
      "absent",
      "C0A80001,192.168.0.1,3,1795450000.123,0.0001,Normal\n",
      { quality: "unknown" },
    ],
    ["chrony says something else", "absent", "506 Cannot talk to daemon\n", { quality: "unknown" }],
  ])("%s", async (_what, timesyncd, tracking, state) => {
    const signs = { timesyncd: () => timesyncd, chrony: tracking === undefined ? none : async () => tracking };
    expect(await readClock(signs)).toEqual(state);
  });
});

describe("device troubles", () => {
  const look = (more: Partial<Look> & { free?: number; temperature?: number } = {}): Look => ({
    machine: {
      memory: 1,
      disk: { free: more.free ?? 20 * GiB, total: 32 * GiB },
      ...(more.temperature === undefined ? {} : { temperature: more.temperature }),
    },
    clock: { quality: "unknown" },
    steady: true,
    outbox: { full: false, damaged: false },
    ...more,
  });

  it("begin and end once each, and do not flicker in between", () => {
    const troubles = deviceTroubles();
    const said = [20, 79.9, 80, 79, 75, 80, 72.1, 72, 79].flatMap((temperature) => troubles(look({ temperature })));
    expect(said).toEqual([
      { trouble: "hot", active: true },
      { trouble: "hot", active: false },
    ]);
  });

  it("call a disk low by its bytes when it is large and by its share when it is small", () => {
    const large = deviceTroubles();
    expect([1, 0.25, 0.24, 0.4, 0.5].map((gib) => large(look({ free: gib * GiB }))).map((c) => c[0]?.active)).toEqual([
      undefined,
      undefined,
      true,
      undefined,
      undefined,
    ]);
    expect(large(look({ free: 0.51 * GiB }))).toEqual([{ trouble: "disk-low", active: false }]);
    const small = deviceTroubles();
    const disk = (free: number): Look => look({ machine: { memory: 1, disk: { free, total: 1000 } } });
    expect(small(disk(51))).toEqual([]);
    expect(small(disk(49))).toEqual([{ trouble: "disk-low", active: true }]);
    expect(small(disk(101))).toEqual([{ trouble: "disk-low", active: false }]);
  });

  it("say that the clock is wrong when nobody keeps it for long, or when it was set", () => {
    const unkept = deviceTroubles();
    const said = Array.from({ length: 40 }, () => unkept(look({ clock: { quality: "unsynced" } })).length);
    expect(said.indexOf(1)).toBe(29);
    expect(said.reduce((a, b) => a + b)).toBe(1);
    const set = deviceTroubles();
    expect(set(look({ steady: false }))).toEqual([{ trouble: "clock-wrong", active: true }]);
    const after = Array.from({ length: 10 }, () => set(look({ clock: { quality: "synced" } })));
    expect(after.map((changes) => changes.length)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
  });

  it("end what was left open when the box is seen to be well", () => {
    const troubles = deviceTroubles(["hot", "disk-low"]);
    expect(troubles(look({ temperature: 60, free: 100 }))).toEqual([{ trouble: "hot", active: false }]);
  });

  it("say at once when the outbox is full or was damaged", () => {
    const troubles = deviceTroubles();
    expect(troubles(look({ outbox: { full: true, damaged: true } }))).toEqual([
      { trouble: "outbox-full", active: true },
      { trouble: "outbox-damaged", active: true },
    ]);
    expect(troubles(look({ outbox: { full: false, damaged: true } }))).toEqual([
      { trouble: "outbox-full", active: false },
    ]);
  });
});

describe("a camera's gauge", () => {
  it("counts frames of the last ten seconds, drops, restarts, and the median time in the detector", () => {
    let now = 0;
    const gauge = cameraGauge("north" as CameraId, () => now);
    gauge.state("watching");
    for (let i = 0; i < 300; i++) {
      now += 100;
      gauge.frame((1_700_000_000_000 + now) as Instant);
      gauge.inferred(i % 3 === 0 ? 500 : 20);
    }
    gauge.dropped();
    gauge.restarted();
    const read = gauge.read();
    expect(Health.shape.cameras.element.parse(read)).toEqual({
      id: "north",
      state: "watching",
      fps: 10,
      dropped: 1,
      restarts: 1,
      lastFrame: 1_700_000_030_000,
      inference: 20,
    });
    now += 60_000;
    expect(gauge.read().fps).toBe(0);
  });

  it("says that nothing is recognised while the detector is down, but not instead of a trouble of the camera", () => {
    const gauge = cameraGauge("north" as CameraId);
    gauge.state("watching");
    gauge.blind(true);
    expect(gauge.read().state).toBe("detector-failed");
    gauge.state("unreachable");
    expect(gauge.read().state).toBe("unreachable");
    gauge.blind(false);
    gauge.state("watching");
    expect(gauge.read().state).toBe("watching");
  });
});

describe("the watch over the device", () => {
  it("notices that the clock was set, and what begins and ends, until it is told to stop", async () => {
    const said: [string, boolean][] = [];
    const stop = new AbortController();
    let wall = 1_700_000_000_000;
    let steady = 0;
    let looks = 0;
    const watch = watchDevice({
      data: tmpdir(),
      outbox: {
        standing: () => ({ depth: 0, next: 1 as Sequence, acked: 0, lost: 0, full: looks === 2, damaged: false }),
      },
      open: ["outbox-damaged"],
      onChange: (trouble, active) => said.push([trouble, active]),
      every: 1,
      look: {
        machine: async () => {
          looks++;
          return { memory: 1 };
        },
        clock: async () => ({ quality: "synced", offset: 0.5 }),
      },
      times: () => {
        wall += looks === 4 ? 3_600_000 : 1000;
        steady += 1000;
        return { wall, steady };
      },
    });
    expect(watch.clockQuality()).toBe("unknown");
    const running = watch.run(stop.signal);
    await vi.waitFor(() => expect(said.length).toBe(5));
    stop.abort();
    await expect(running).rejects.toThrow();
    expect(said).toEqual([
      ["outbox-damaged", false],
      ["outbox-full", true],
      ["outbox-full", false],
      ["clock-wrong", true],
      ["clock-wrong", false],
    ]);
    expect(watch.clockQuality()).toBe("synced");
    expect(await watch.read()).toEqual({ memory: 1, clockOffset: 0.5 });
  });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CameraId, type Instant, type Millis, millis, Site } from "@openkerb/contract";
import {
  type AgentParts,
  crossing,
  DetectorError,
  type Frame,
  journal,
  onnxDetector,
  openSqliteOutbox,
  runAgent,
  scriptedDetector,
  tell,
} from "@openkerb/edge-agent";
import { openModel } from "@openkerb/vision";
import pino from "pino";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aedesBroker } from "./brokers.ts";
import { hubStandIn } from "./hub-stand-in.ts";
import { startUplink } from "./uplink.ts";

const within = { timeout: 60_000, interval: 5 };
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "busy-"));
});
afterEach(() => rm(folder, { recursive: true }));

const frame = (index: number, width = 64, height = 64): Frame => ({
  camera: "north" as CameraId,
  index,
  pts: (index * 100) as Millis,
  at: (Date.now() + index * 100) as Instant,
  width,
  height,
  data: new Uint8Array(new SharedArrayBuffer(width * height * 3)),
  picture: { width, height },
});

it("keeps events and hears acks while the network is busy", async () => {
  await using broker = await aedesBroker();
  await using hub = await hubStandIn(broker.url);
  await using outbox = await openSqliteOutbox(folder, { tell });
  await using _uplink = startUplink(outbox, broker.url);
  await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
  await using detector = await onnxDetector({ model: await openModel("centernet6") });
  // Pictures so large that the network works on them for a while, one after the other.
  let busy = true;
  const looking = Promise.all([0, 1, 2].map((index) => detector.detect(frame(index, 1920, 1088)))).finally(() => {
    busy = false;
  });
  let acked = 0;
  while (busy && acked < 1000) {
    await outbox.append([{ event: crossing(acked) }]);
    const { next } = outbox.standing();
    while (busy && outbox.standing().acked < next - 1) await new Promise(setImmediate);
    if (busy) acked++;
  }
  await looking;
  expect(acked).toBeGreaterThan(10);
});

const site = Site.parse({
  ...{ version: 1, city: "testville", site: "corner", name: "Corner", device: "box-7" },
  cameras: [
    { id: "north", name: "North", url: "rtsp://127.0.0.1/north" },
    { id: "south", name: "South", url: "rtsp://127.0.0.1/south" },
  ],
});

it("says that a detector failed, for each of its cameras, and that it looks again", async () => {
  await using broker = await aedesBroker();
  await using hub = await hubStandIn(broker.url);
  const stop = new AbortController();
  const failing = scriptedDetector([[], [], new DetectorError("inference", "the network choked")]);
  const detectors = [failing, scriptedDetector([])];
  const parts: AgentParts = {
    rtspToFrames: async function* (camera, _size, { signal, onState }) {
      onState?.("watching");
      for (let index = 0; ; index++) {
        signal.throwIfAborted();
        yield { ...frame(index), camera: camera.id };
        await new Promise((done) => setTimeout(done, 5));
      }
    },
    openEye: async (_choice, mending) => {
      let current = detectors.shift()!;
      const { model } = current;
      return {
        size: { width: 64, height: 64 },
        detector: {
          model,
          detect: async (picture) => {
            try {
              return await current.detect(picture);
            } catch (err) {
              mending.onFailed(err as DetectorError, millis(0));
              await vi.waitFor(() => expect(hub.heard.length).toBeGreaterThanOrEqual(2), within);
              if (detectors.length > 0) {
                current = detectors.shift()!;
                mending.onMended();
              }
              throw err;
            }
          },
          [Symbol.asyncDispose]: async () => undefined,
        },
      };
    },
    pace: { firstPause: millis(50) },
  };
  const running = runAgent(
    { site, version: "000000000000", logins: new Map(), hub: { url: broker.url }, data: folder },
    journal(pino({ level: "silent" })),
    stop.signal,
    parts,
  );
  const troubles = (): string[] =>
    [...hub.stored.values()].flatMap((rows) =>
      [...rows.values()].flatMap(({ event }) =>
        event?.kind === "camera-troubled" ? [`${event.camera} ${event.trouble} ${event.active}`] : [],
      ),
    );
  await vi.waitFor(() => expect(troubles().length).toBe(4), within);
  expect(troubles().sort()).toEqual([
    "north detector-failed false",
    "north detector-failed true",
    "south detector-failed false",
    "south detector-failed true",
  ]);
  stop.abort();
  await running;
});

it("stops with the stack of a fault of the program, after telling the hub that it stopped", async () => {
  await using broker = await aedesBroker();
  await using hub = await hubStandIn(broker.url);
  const parts: AgentParts = {
    rtspToFrames: async function* (_camera, _size, { signal }) {
      await vi.waitFor(() => expect(hub.births.length).toBe(1), within);
      signal.throwIfAborted();
      throw new TypeError("a bug");
    },
    openEye: async () => ({ detector: scriptedDetector([]), size: { width: 64, height: 64 } }),
    pace: {},
  };
  const running = runAgent(
    { site, version: "000000000000", logins: new Map(), hub: { url: broker.url }, data: folder },
    journal(pino({ level: "silent" })),
    new AbortController().signal,
    parts,
  );
  await expect(running).rejects.toThrow(TypeError);
  await vi.waitFor(() => expect(hub.states.at(-1)?.state).toBe("stopped"), within);
});

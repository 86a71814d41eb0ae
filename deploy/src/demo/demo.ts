import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Site, type SiteSensor, Trouble } from "@openkerb/contract";
import { parseSite } from "@openkerb/edge-agent";
import { homeFolder, makeFolder } from "@openkerb/machine";
import { startCamera } from "../camera/camera.ts";
import { demoStream, findClip } from "../clip/clip.ts";
import { type Running, startCommand } from "./processes.ts";
import { fillHistory } from "./sample-history.ts";
import { type SampleSensors, startSampleSensors } from "./sample-sensors.ts";

export const summary = "plays a street clip as a camera, with a hub and an agent watching it";

export const help = `
openkerb demo [--port 8080] [--for SECONDS]

Plays a real street recording over RTSP on this machine, starts a hub and, in a process of its own, an edge agent that
watches the recording as it would watch a camera. The page is on http://localhost:8080. Everything listens on this
machine only. Its data lives in .openkerb/demo and is kept from one run to the next. Stop with ctrl-c.

  --port N    where the page is (default 8080)
  --for N     stop by itself after N seconds

The recording: OPENKERB_CLIP if set (any video file that ffmpeg reads), else the cached one, else Debian's package
opencv-doc, else a download. The lines and zones drawn in deploy/demo/site.yaml fit the default recording.

The recording is real, its air is not: sample sensors answer on this machine with made-up values, and on the first start
the box has ten weeks of them to send. They are named so wherever they are shown.
`;

const siteFile = fileURLToPath(new URL("../../demo/site.yaml", import.meta.url));

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { port: { type: "string", default: "8080" }, for: { type: "string" } },
  });
  const port = wholeNumber(values.port, "--port");
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  // A timer of our own: AbortSignal.timeout inside AbortSignal.any may be collected on Node 20 and never fire.
  const limit = values.for === undefined ? undefined : wholeNumber(values.for, "--for");
  using _timer = limit === undefined ? undefined : timer(limit * 1000, () => over.abort());
  await mustBeFree(port);
  const home = homeFolder();
  const folder = join(home, "demo");
  makeFolder(folder);

  const clip = await findClip({ cacheFolder: join(home, "cache"), signal: stop, onProgress: tell });
  const stream = await demoStream({ clip, cacheFolder: join(home, "cache"), signal: stop, onProgress: tell });
  await using camera = await startCamera({ clip: stream, path: "street" });
  await using sensors = await startSampleSensors();
  const brokerPort = await freePort();
  const site = join(folder, "site.yaml");
  const config = join(folder, "hub.yaml");
  const drawn = withAddresses(parseSite(await readFile(siteFile, "utf8"), siteFile), camera.url, sensors);
  await writeFile(site, JSON.stringify(drawn, undefined, 2));
  if (await fillHistory(join(folder, "agent"), drawn))
    tell("Ten weeks of made-up air and noise are waiting to be sent.");
  await writeFile(config, hubConfig({ port, brokerPort }));

  await using hub = startCommand("hub", ["--config", config]);
  await using agent = startCommand("agent", [
    "--site",
    site,
    "--hub",
    `mqtt://127.0.0.1:${brokerPort}`,
    "--data",
    join(folder, "agent"),
  ]);
  await endedOr(stop, hub, agent, async () => {
    await ready(`http://127.0.0.1:${port}/readyz`, stop);
    tell(
      `\nOpenKerb is watching the demo street: http://localhost:${port}\nNo picture of it leaves the agent. Stop with ctrl-c.\n`,
    );
    await new Promise((done) => stop.addEventListener("abort", done, { once: true }));
  });
}

/** The demo's site file with the addresses that its camera and sensors have this time. */
function withAddresses(site: Site, url: string, { airUrl, gasPort, soundPort }: SampleSensors): Site {
  const buses: Readonly<Record<string, SiteSensor["bus"]>> = {
    air: { kind: "http", url: airUrl },
    gases: { kind: "modbus-tcp", host: "127.0.0.1", port: gasPort },
    sound: { kind: "modbus-tcp", host: "127.0.0.1", port: soundPort },
  };
  return {
    ...site,
    cameras: site.cameras.map((camera) => ({ ...camera, url })),
    sensors: site.sensors?.map((sensor) => ({ ...sensor, bus: buses[sensor.id] ?? sensor.bus })),
  };
}

/** A line for the person watching. A rising percentage stays on one line, or says only its end where lines are kept. */
function tell(text: string): void {
  const share = /(\d+) %$/.exec(text)?.[1];
  if (share === undefined || (share === "100" && !process.stdout.isTTY)) console.log(text);
  else if (process.stdout.isTTY) process.stdout.write(`\r${text}${share === "100" ? "\n" : ""}`);
}

function timer(millis: number, then: () => void): Disposable {
  const running = setTimeout(then, millis);
  return { [Symbol.dispose]: () => clearTimeout(running) };
}

function wholeNumber(text: string, option: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Trouble(`${option} takes a whole number, not "${text}".`);
  return Number(text);
}

/** Does `work`; ends early when told to, and with its reason when one of the processes ends by itself. */
async function endedOr(stop: AbortSignal, hub: Running, agent: Running, work: () => Promise<void>): Promise<void> {
  await Promise.race([work(), hub.ended, agent.ended]).catch((err: unknown) => {
    if (!stop.aborted) throw err;
  });
}

const hubConfig = ({ port, brokerPort }: { port: number; brokerPort: number }): string => `version: 1
city: demo
data: hub
sites: [site.yaml]
page: { port: ${port} }
broker: { kind: embedded, port: ${brokerPort} }
`;

async function ready(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(url, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100, undefined, { signal });
  }
}

async function listenOn(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address ? address.port : port;
}

const freePort = (): Promise<number> => listenOn(0);

/** Looked at before anything starts, so that a taken port does not cost a minute of set-up first. */
async function mustBeFree(port: number): Promise<void> {
  await listenOn(port).catch((err: unknown) => {
    throw new Trouble(
      `port ${port} of this machine is taken by another program.`,
      `End that program, or choose another port: npm start -- --port ${port + 1}`,
      { cause: err },
    );
  });
}

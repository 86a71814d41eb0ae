import type { CityEvent } from "@openkerb/contract";
import { checkSize, openModel, type Size, type View, viewFor } from "@openkerb/vision";
import { apart } from "../config.ts";
import { onnxDetector } from "../detector/onnx-detector.ts";
import { detectionsToTracks } from "../flow/detections-to-tracks.ts";
import { framesToDetections } from "../flow/frames-to-detections.ts";
import { rtspToFrames } from "../flow/rtsp-to-frames.ts";
import { tracksToEvents } from "../flow/tracks-to-events.ts";
import type { Frame } from "../frames/frames.ts";
import { openRecording } from "../frames/recorded-frames.ts";
import { motRows } from "../tracks/mot-rows.ts";
import { formatMot } from "../tracks/mot-text.ts";
import type { Scene } from "../tracks/scene.ts";
import { weakShare } from "../tracks/tracker.ts";
import { type Order, readOrder } from "./analyse-order.ts";
import { openLines } from "./line-file.ts";
import { readSize } from "./options.ts";
import { progress } from "./progress.ts";
import { busy, type StageTimes, waitedFor } from "./stage-times.ts";

export const summary = "run the agent's own eyes over a recording, at full speed";

export const help = `openkerb analyse CLIP|FOLDER|RTSP-URL --out events.jsonl [options]
  Detects, tracks and counts exactly as an agent does, on every frame of a recording, and writes what happened, one
  event of the contract a line. A camera is watched until ctrl-c.
    --out FILE           the events; without --site there are no lines and zones, so there are none
    --site FILE          site file (YAML or JSON) with the lines and zones
    --camera ID          which camera of the site; the first when absent
    --camera-ca FILE     certificate (PEM) that signed an rtsps camera's; the site's, or what this machine trusts, when
                         absent
    --tracks FILE        the tracks too, as MOTChallenge 2015 text: frame (from 1), id, left, top, width, height, score,
                         -1, -1, -1; boxes in pixels of the picture; gaps up to 1.5 s are bridged by a straight line
    --classes LIST       the classes that --tracks writes, for example person,car; all when absent
    --model NAME         the camera's, or centernet6
    --size WIDTHxHEIGHT  size of the network's input; what suits the picture when absent
    --threshold T        the score from which a detection is believed; the model's own when absent
    --threads N          threads within the network; 1 when absent
    --start TIME         wall time of the first frame, ISO 8601; 1970-01-01T00:00:00Z when absent, so that the same
                         clip always gives the same events
    --json               the summary as one line of JSON`;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const order = await readOrder(args);
  const model = await openModel(order.model);
  const { manifest } = model;
  const { camera } = order;
  if (camera.size) checkSize(camera.size, manifest, `size of camera ${camera.id}`);
  const size = order.size === undefined ? camera.size : readSize(order.size, manifest);
  const threshold = order.threshold ?? order.camera.threshold ?? manifest.threshold;
  const chosen = (picture: Size): View => viewFor(picture, manifest, size);

  const source = await openSource(order, chosen, signal);
  await using events = order.out === undefined ? undefined : await openLines(order.out);
  await using tracks = order.tracks === undefined ? undefined : await openLines(order.tracks, 64 * 1024);
  await using detector = await onnxDetector({ model, threshold: threshold * weakShare, threads: order.threads });

  const took: StageTimes = { frames: 0, detector: 0, tracks: 0, events: 0 };
  const waits = { detections: 0, scenes: 0, events: 0 };
  const detect = busy(
    (frame: Frame) => detector.detect(frame).finally(() => frame.release?.()),
    (ms) => {
      took.detector += ms;
    },
  );
  const add = (stage: keyof typeof waits) => (ms: number) => {
    waits[stage] += ms;
  };
  const frames = waitedFor(source.frames, (ms) => {
    took.frames += ms;
  });
  const detected = waitedFor(framesToDetections(frames, { detect }, { ahead: 2 }), add("detections"));
  const scenes = waitedFor(detectionsToTracks(detected, { sure: threshold }), add("scenes"));

  const rows = motRows(({ label }) => order.classes.has(label));
  const bar = progress(source.count, process.stderr);
  let count = 0;
  let found = 0;
  let told = 0;
  let pictures: Size | undefined;
  async function* watched(): AsyncGenerator<Scene, void, undefined> {
    for await (const scene of scenes) {
      bar.at(++count);
      pictures = scene;
      found += scene.tracks.filter(({ earlier, seen }) => seen && earlier.length > 0).length;
      if (tracks) await tracks.write(rows.add(scene).map(formatMot));
      yield scene;
    }
  }

  const provenance = { source: `model:${manifest.name}@${manifest.sha256.slice(0, 12)}`, config: order.config };
  const stamp = () => ({ clock: "unknown", quality: 1, provenance }) as const;
  const begun = performance.now();
  try {
    if (order.site === undefined) for await (const _ of watched());
    else
      for await (const event of waitedFor(tracksToEvents(watched(), order.camera, stamp), add("events"))) {
        told++;
        await events?.write([JSON.stringify(event satisfies CityEvent)]);
      }
  } catch (err) {
    // A camera has no end of its own: being told to stop is how watching it ends well.
    if (!signal.aborted || !source.endless) throw err;
  } finally {
    bar.end();
    if (tracks) await tracks.write(rows.end().map(formatMot));
  }

  const seconds = (performance.now() - begun) / 1000;
  took.tracks = waits.scenes - waits.detections;
  took.events = Math.max(0, waits.events - waits.scenes);
  const fps = count / seconds;
  const input = pictures ? chosen(pictures) : undefined;
  if (order.json) {
    console.log(JSON.stringify({ frames: count, seconds, fps, tracks: found, events: told, input, stages: took }));
    return;
  }
  const each = (ms: number): string => `${(ms / Math.max(1, count)).toFixed(2)} ms`;
  console.log(`${source.name}: ${count} frames in ${seconds.toFixed(1)} s, ${fps.toFixed(1)} frames/s`);
  console.log(
    `  ${manifest.name}${input ? ` at ${input.width}x${input.height}` : ""}; ${found} tracks, ${told} events${order.site ? "" : " (no site file, so no lines and zones)"}`,
  );
  console.log(
    `  a frame: waiting for it ${each(took.frames)}, in the network ${each(took.detector)}, tracks ${each(took.tracks)}, events ${each(took.events)}; stages overlap`,
  );
}

type Source = {
  readonly frames: AsyncIterable<Frame>;
  readonly count: number | undefined;
  readonly endless: boolean;
  /** Fit to be seen: without a password. */
  readonly name: string;
};

async function openSource(order: Order, size: (picture: Size) => View, signal: AbortSignal): Promise<Source> {
  const camera = order.camera.id;
  if (!/^rtsps?:/i.test(order.clip)) {
    const recording = await openRecording(order.clip, { camera, size, began: order.start, ahead: 4 }, signal);
    return { frames: recording.frames, count: recording.count, endless: false, name: order.clip };
  }
  const { url, user, password } = apart(order.clip, ["rtsp:", "rtsps:"], "The camera's address");
  const login = user === undefined ? undefined : { user, password: password ?? "" };
  const onTrouble = (trouble: string, active: boolean, why?: string): void =>
    console.error(active ? `The camera is ${trouble}: ${why ?? "no more is known"}` : `No longer ${trouble}.`);
  const frames = rtspToFrames({ ...order.camera, url }, size, {
    ...{ signal, login, onTrouble },
    authority: order.authority,
  });
  return { frames, count: undefined, endless: true, name: url };
}

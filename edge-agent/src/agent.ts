import { createHash } from "node:crypto";
import {
  type Birth,
  type CameraId,
  type CameraTrouble,
  type CityEvent,
  type ClockQuality,
  type DeviceTrouble,
  type Health,
  type Instant,
  millis,
  type QualityFlag,
  type SiteCamera,
  shardOf,
} from "@openkerb/contract";
import type { AgentConfig } from "./config.ts";
import type { Detector } from "./detector/detector.ts";
import { DetectorError } from "./detector/detector-error.ts";
import { type OpenEye, openEye, openEyes } from "./detectors.ts";
import { detectionsToTracks } from "./flow/detections-to-tracks.ts";
import { eventsToOutbox } from "./flow/events-to-outbox.ts";
import { framesToDetections } from "./flow/frames-to-detections.ts";
import { outboxToMqtt } from "./flow/outbox-to-mqtt.ts";
import { rtspToFrames } from "./flow/rtsp-to-frames.ts";
import { tracksToEvents } from "./flow/tracks-to-events.ts";
import { type CameraGauge, cameraGauge } from "./health/camera-gauge.ts";
import { openTroubles } from "./health/open-troubles.ts";
import { watchDevice } from "./health/watch-device.ts";
import type { Journal } from "./journal.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { openSqliteOutbox } from "./outbox/sqlite-outbox.ts";
import type { SensorDoors } from "./sensors/open-sensor.ts";
import { sensorTasks } from "./sensors/watch-sensors.ts";
import { agentSource, software } from "./software.ts";
import { endedAsTold, together } from "./together.ts";
import type { Pace, Uplink } from "./uplink/uplink.ts";

/** The edge of the machine, which tests replace. */
export type AgentParts = {
  readonly rtspToFrames: typeof rtspToFrames;
  readonly openEye: OpenEye;
  readonly pace: Partial<Pace>;
  readonly sensorDoors?: SensorDoors;
};
const machineParts: AgentParts = { rtspToFrames, openEye, pace: {} };

/**
 * Watches the cameras of a site and brings what happens to the hub, until the signal. Then the minutes that were begun
 * are told, the outbox is written, and the hub hears `stopped`. A crash at any moment loses none of what was kept.
 *
 * A camera that fails stops only itself, a detector that fails is opened anew, a hub that is away is waited for; a
 * fault of the program stops everything and is thrown.
 */
export async function runAgent(
  { site, version, logins, authorities, sensorSecrets, hub, data }: AgentConfig,
  journal: Journal,
  signal: AbortSignal,
  parts: AgentParts = machineParts,
): Promise<void> {
  const { city, device } = site;
  const now = (): Instant => Date.now() as Instant;
  const fault = new AbortController();
  const restarts = new Map<CameraId, AbortController>();
  const suspect = new Map<CameraId, Set<CameraTrouble>>();

  const stamp = (source: string, quality: QualityFlag = 1) => ({
    clock: clockQuality(),
    quality,
    provenance: { source, config: version },
  });
  let clockQuality = (): ClockQuality => "unknown";

  await using outbox = await openSqliteOutbox(data, {
    clock: { now, trusted: () => clockQuality() !== "unsynced" },
    tell: (lost, at) => ({ ...stamp(agentSource), ...lost, kind: "lost-range", at }) as CityEvent,
    journal,
  });
  const troubles = openTroubles(data);
  const box = watchDevice({
    data,
    outbox,
    open: troubles.inherited().map(({ trouble }) => trouble as DeviceTrouble),
    onChange: deviceTroubled,
  });
  clockQuality = box.clockQuality;

  const sensors = await sensorTasks(site, {
    ...{ outbox, now, secrets: sensorSecrets, onState: journal.sensorTurned, onIntake: journal.sensorsMaySend },
    stamp: () => stamp(agentSource),
    ...(parts.sensorDoors ? { doors: parts.sensorDoors } : {}),
  });
  const gauges = new Map(site.cameras.map(({ id }) => [id, cameraGauge(id)]));
  await using eyes = await openEyes(site.cameras, parts.openEye, {
    signal: fault.signal,
    onFailed: (cameras, model, err, pause) => {
      journal.detectorFailed(model, err.trouble, err.message, pause);
      for (const camera of cameras) detectorFailed(camera, true);
    },
    onMended: (cameras, model) => {
      journal.detectorReady(model);
      for (const camera of cameras) detectorFailed(camera, false);
    },
  });

  /** Not waited for, but a disk that keeps nothing must not go unnoticed. */
  function keep(event: CityEvent): void {
    outbox.append([{ event }]).catch((err: unknown) => fault.abort(err));
  }

  function cameraTroubled(camera: CameraId, trouble: CameraTrouble, active: boolean, why?: string): void {
    const open = suspect.get(camera) ?? new Set();
    suspect.set(camera, open);
    if (active) open.add(trouble);
    else open.delete(trouble);
    if (!(active ? troubles.begin : troubles.end)({ camera, trouble })) return;
    journal.cameraTroubled(camera, trouble, active, why);
    keep({ ...stamp(agentSource), kind: "camera-troubled", at: now(), camera, trouble, active });
  }

  function detectorFailed(camera: CameraId, failed: boolean): void {
    gauges.get(camera)?.blind(failed);
    cameraTroubled(camera, "detector-failed", failed);
  }

  function deviceTroubled(trouble: DeviceTrouble, active: boolean): void {
    if (!(active ? troubles.begin : troubles.end)({ trouble })) return;
    journal.deviceTroubled(trouble, active);
    keep({ ...stamp(agentSource), kind: "device-troubled", at: now(), trouble, active });
  }

  /** A camera that is seen to be well ends what an earlier process left open. */
  function seenWell(camera: CameraId): void {
    for (const { trouble } of troubles.inherited(camera)) cameraTroubled(camera, trouble as CameraTrouble, false);
  }

  /** One camera, from its pictures to the outbox, until the signal. */
  async function street(camera: SiteCamera, stop: AbortSignal): Promise<void> {
    const { id } = camera;
    const gauge = gauges.get(id) as CameraGauge;
    const { detector, size, sure } = eyes.of(camera);
    const { name, sha256 } = detector.model;
    const source = `model:${name}@${sha256.slice(0, 12)}`;
    const frames = parts.rtspToFrames(camera, size, {
      signal: stop,
      login: logins.get(id),
      authority: authorities?.get(id),
      onState: (state) => {
        gauge.state(state);
        if (state === "watching") journal.cameraWatched(id);
      },
      onTrouble: (trouble, active, why) => cameraTroubled(id, trouble, active, why),
      onDrop: gauge.dropped,
      onFrame: gauge.frame,
      onRestart: (_error, pause) => {
        gauge.restarted();
        journal.cameraTriedAgain(id, pause);
      },
    });
    const detections = framesToDetections(
      frames,
      measured(detector, gauge, () => seenWell(id)),
      {
        onFailed: (err) => {
          if (!(err instanceof DetectorError)) throw err;
        },
      },
    );
    const scenes = detectionsToTracks(detections, { sure });
    const events = tracksToEvents(scenes, camera, () => stamp(source, (suspect.get(id)?.size ?? 0) > 0 ? 3 : 1));
    await eventsToOutbox(events, outbox);
  }

  /** Begins anew whenever it is told to by a command. */
  async function watch(camera: SiteCamera, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const restart = new AbortController();
      restarts.set(camera.id, restart);
      journal.cameraStarted(camera.id);
      const until = AbortSignal.any([stop, restart.signal]);
      await street(camera, until).catch((err: unknown) => {
        if (!endedAsTold(err, until)) throw err;
      });
    }
  }

  const birth: Uplink["birth"] = ({ session, epoch, next }) => ({
    ...{ v: 1, device, site: site.site, session, epoch, next, software, config: version },
    sensors: (site.sensors ?? []).map(({ id, name, profile }) => ({ id, name, profile })),
    cameras: site.cameras.map((camera): Birth["cameras"][number] => ({
      id: camera.id,
      name: camera.name,
      model: eyes.of(camera).detector.model,
      lines: camera.lines.map(({ id, name }) => ({ id, name })),
      zones: camera.zones.map(({ id, name }) => ({ id, name })),
    })),
  });

  const health = async (): Promise<Health> => ({
    ...{ v: 1, at: now(), uptime: millis(process.uptime() * 1000), ...(await box.read()) },
    outbox: shown(outbox),
    cameras: [...gauges.values()].map((gauge) => gauge.read()),
    sensors: sensors.read(),
  });

  const uplink: Uplink = {
    outbox,
    hub,
    address: { city, device, shard: shardOf(createHash("sha256").update(device).digest()) },
    birth,
    health,
    obey: async ({ camera }) => {
      const restart = camera && restarts.get(camera);
      restart?.abort();
      return restart ? "done" : "refused";
    },
    answer: (command, outcome) => ({ ...stamp(agentSource), kind: "command-answered", at: now(), command, outcome }),
    desired: ({ config, models }) => {
      const running = new Map(eyes.all.map(({ model }) => [model.name, model.sha256]));
      const others = models.filter(({ name, sha256 }) => running.get(name) !== sha256);
      if (config !== undefined && config !== version) journal.otherConfigDesired(version, config);
      for (const { name } of others) journal.otherModelDesired(name);
      if ((config ?? version) === version && others.length === 0) journal.asDesired();
    },
    journal,
    pace: parts.pace,
  };

  journal.starting(site, version, hub.url);
  const lastWord = new AbortController();
  await together(
    fault.signal,
    async (broken) => {
      const stop = AbortSignal.any([signal, broken]);
      try {
        await together(
          stop,
          box.run,
          ...sensors.tasks,
          ...site.cameras.map((camera) => (end: AbortSignal) => watch(camera, end)),
        );
      } finally {
        journal.stopping();
        lastWord.abort();
      }
    },
    (broken) => outboxToMqtt(uplink, AbortSignal.any([lastWord.signal, broken])),
  );
  fault.signal.throwIfAborted();
  journal.stopped(outbox.standing().depth);
}

const shown = (outbox: Outbox): Health["outbox"] => {
  const { depth, oldest, lost } = outbox.standing();
  return { depth, lost, ...(oldest === undefined ? {} : { oldest }) };
};

const measured = (detector: Detector, gauge: CameraGauge, onSeen: () => void): Pick<Detector, "detect"> => ({
  detect: async (frame) => {
    const start = performance.now();
    const found = await detector.detect(frame);
    gauge.inferred(performance.now() - start);
    onSeen();
    return found;
  },
});

import type {
  CameraId,
  CameraTrouble,
  Command,
  CommandAnswered,
  ConfigVersion,
  DeviceTrouble,
  Epoch,
  Millis,
  SensorId,
  SensorState,
  Sequence,
  Site,
} from "@openkerb/contract";
import pino, { type DestinationStream, type Logger } from "pino";
import type { AckOutcome, Lost } from "./outbox/outbox.ts";
import type { HubError } from "./uplink/hub-error.ts";
import type { NoOrder } from "./uplink/orders.ts";

/**
 * Everything worth telling an operator. Nothing else in the agent holds a logger. No frame, payload, password or
 * person is ever a field.
 */
export type Journal = ReturnType<typeof journal>;

export const journal = (log: Logger) => ({
  starting: ({ city, site, device, cameras }: Site, config: ConfigVersion, hub: string) =>
    log.info({ event: "starting", city, site, device, cameras: cameras.length, config, hub }),
  drawYourOwn: () =>
    log.info({
      event: "draw-your-own",
      hint: "one line across the middle and one zone are watched; draw your own in a site file and use --site",
    }),
  passwordOnCommandLine: () =>
    log.warn({
      event: "password-on-command-line",
      hint: "it could be read while this started; put it into a file or OPENKERB_CAMERA_PASSWORD, OPENKERB_HUB_PASSWORD",
    }),
  coreDumpsStay: () =>
    log.warn({
      event: "core-dumps-stay",
      hint: "core dumps could not be switched off; set LimitCORE=1 where this is started, so that no picture gets into one",
    }),
  stopping: () => log.info({ event: "stopping" }),
  stopped: (waiting: number) => log.info({ event: "stopped", waiting }),

  cameraStarted: (camera: CameraId) => log.info({ event: "camera-started", camera }),
  cameraWatched: (camera: CameraId) => log.info({ event: "camera-watched", camera }),
  cameraTroubled: (camera: CameraId, trouble: CameraTrouble, active: boolean, why?: string) =>
    log[active ? "warn" : "info"]({ event: active ? "camera-troubled" : "camera-recovered", camera, trouble, why }),
  cameraTriedAgain: (camera: CameraId, pause: Millis) => log.debug({ event: "camera-tried-again", camera, pause }),
  sensorTurned: (sensor: SensorId, state: SensorState, why?: string) =>
    why === undefined
      ? log.info({ event: "sensor-turned", sensor, state })
      : log.warn({ event: "sensor-failed", sensor, trouble: state, why }),
  sensorsMaySend: (host: string, port: number) =>
    log.info({ event: "sensors-may-send", address: `http://${host}:${port}/push/<sensor>/<token>` }),
  detectorFailed: (model: string, trouble: string, why: string, pause: Millis) =>
    log.error({ event: "detector-failed", model, trouble, why, pause }),
  detectorReady: (model: string) => log.info({ event: "detector-ready", model }),
  deviceTroubled: (trouble: DeviceTrouble, active: boolean) =>
    log[active ? "warn" : "info"]({ event: active ? "device-troubled" : "device-recovered", trouble }),

  outboxGaveUp: (count: number, why: Lost["why"]) => log.error({ event: "outbox-gave-up", count, why }),
  outboxDamaged: (aside: string, epoch: Epoch) => log.error({ event: "outbox-damaged", aside, epoch }),
  outboxSetBack: (renumbered: number) => log.error({ event: "outbox-set-back", renumbered }),
  outboxCannotWrite: (err: unknown) => log.error({ event: "outbox-cannot-write", code: codeOf(err) }),
  outboxWritesAgain: () => log.info({ event: "outbox-writes-again" }),

  hubConnected: (session: number) => log.info({ event: "hub-connected", session }),
  hubLost: ({ trouble, message }: HubError, pause: Millis) =>
    log.warn({ event: "hub-lost", trouble, why: message, pause }),
  ackRefused: (why: Exclude<AckOutcome, "forgotten">) => log.warn({ event: "ack-refused", why }),
  birthUnanswered: (waited: Millis) => log.warn({ event: "birth-unanswered", waited }),
  ackMissing: (waited: Millis) => log.warn({ event: "ack-missing", waited }),
  resendAsked: (from: Sequence, to: Sequence) => log.info({ event: "resend-asked", from, to }),
  resendRefused: () => log.warn({ event: "resend-refused" }),
  orderRefused: (from: NoOrder["from"], why: NoOrder["why"]) => log.warn({ event: "order-refused", from, why }),
  commandAnswered: (what: Command["do"], outcome: CommandAnswered["outcome"]) =>
    log.info({ event: "command-answered", what, outcome }),
  otherConfigDesired: (running: ConfigVersion, desired: ConfigVersion) =>
    log.warn({ event: "other-config-desired", running, desired }),
  otherModelDesired: (model: string) => log.warn({ event: "other-model-desired", model }),
  asDesired: () => log.info({ event: "as-desired" }),
});

const codeOf = (err: unknown): unknown => (err instanceof Error && "code" in err ? err.code : undefined);

/** A log of JSON lines, or of lines for people when somebody is looking. Written at once, so that a crash loses none. */
export const openLog = (out: NodeJS.WriteStream, level = "info"): Logger =>
  pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }, out.isTTY ? forPeople(out) : out);

/** `18:04:05 warn  camera-troubled camera=north trouble=stalled why="…"` */
export const forPeople = (out: Pick<NodeJS.WritableStream, "write">): DestinationStream => ({
  write(line) {
    const { level, time, event, ...facts } = JSON.parse(line) as Record<string, unknown>;
    const words = Object.entries(facts).map(([name, fact]) => `${name}=${quoted(fact)}`);
    const clock = String(time).slice(11, 19);
    out.write(`${[clock, (levels[Number(level)] ?? "").padEnd(5), event, ...words].join(" ")}\n`);
  },
});

const levels: Readonly<Record<number, string>> = { 20: "debug", 40: "warn", 50: "error", 60: "fatal" };

const quoted = (fact: unknown): string => {
  const text = typeof fact === "string" ? fact : JSON.stringify(fact);
  return /^[\w.:/@-]*$/.test(text) ? text : JSON.stringify(text);
};

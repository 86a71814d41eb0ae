import {
  type DeviceProfile,
  type Health,
  type Instant,
  type SensorState,
  type Site,
  type SiteSensor,
  Trouble,
} from "@openkerb/contract";
import { readingsToEvents } from "../flow/readings-to-events.ts";
import { type Sample, sensorsToReadings } from "../flow/sensors-to-readings.ts";
import type { Stamp } from "../flow/tracks-to-events.ts";
import { watchMicrophone } from "../noise/watch-microphone.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { endedAsTold, type Task } from "../together.ts";
import { linuxI2c } from "./i2c-line.ts";
import { checkBus, formatOf, ownProfile, placeOf, type SensorDoors } from "./open-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import { pushIntake } from "./push-intake.ts";
import { type SensorGauge, sensorGauge } from "./sensor-gauge.ts";
import { serialLines, serialPackage } from "./serial-line.ts";
import { ticked } from "./ticked.ts";
import { watchSensor } from "./watch-sensor.ts";

/** What the sensors of a box need of it. */
export type SensorSurroundings = {
  readonly outbox: Pick<Outbox, "append">;
  readonly now: () => Instant;
  readonly stamp: () => Stamp;
  /** Told when what a sensor does changes; `why` when it failed. */
  readonly onState: (sensor: SiteSensor["id"], state: SensorState, why?: string) => void;
  /** Passwords of brokers and tokens of addresses, where a sensor needs one. */
  readonly secrets?: ReadonlyMap<SiteSensor["id"], string> | undefined;
  /** Told where sensors can send to. */
  readonly onIntake?: (host: string, port: number) => void;
  readonly doors?: SensorDoors;
};

/** The sensors of a box at work, and what health says of them. */
export type Sensors = { readonly tasks: readonly Task[]; readonly read: () => NonNullable<Health["sensors"]> };

/**
 * One task for each sensor of the site, from its line to the outbox. Throws one Trouble that names every sensor that cannot
 * be read as written or on this machine, before any is opened.
 */
export async function sensorTasks(site: Site, around: SensorSurroundings): Promise<Sensors> {
  const all: [SiteSensor, DeviceProfile, SensorGauge][] = [];
  const { secrets, onIntake = () => undefined } = around;
  const lines = serialLines();
  const push = pushIntake(site.intake ?? { host: "127.0.0.1", port: 8091 }, onIntake);
  const troubles: Trouble[] = [];
  for (const sensor of site.sensors ?? []) {
    try {
      const gauge = sensorGauge(sensor.id, around.now, (state, why) => around.onState(sensor.id, state, why));
      const profile = await readable(sensor, around);
      if (sensor.bus.kind === "push") push.admit(sensor.id, secrets?.get(sensor.id) ?? "", profile);
      all.push([sensor, profile, gauge]);
    } catch (err) {
      if (!(err instanceof Trouble)) throw err;
      troubles.push(new Trouble(`sensor ${sensor.id}: ${err.message}`, err.next, { cause: err }));
    }
  }
  troubles.push(...sharedPlaces(all));
  const [first, ...others] = troubles;
  if (first && others.length === 0) throw first;
  if (first) {
    const steps = new Set(troubles.flatMap(({ next }) => next ?? []));
    throw new Trouble(troubles.map(({ message }) => message).join("\n"), [...steps].join("\n") || undefined);
  }
  const tasks = all.map(
    ([sensor, profile, gauge]): Task =>
      async (signal) => {
        const doors = { ...around.doors, lines, push, password: secrets?.get(sensor.id) };
        const samples = told(samplesOf(sensor, profile, gauge, { ...around, doors }, signal), gauge);
        const readings = sensorsToReadings(ticked(samples, around.now), sensor, profile, around.stamp);
        await readingsToEvents(readings, around.outbox).catch((err: unknown) => {
          if (!endedAsTold(err, signal)) throw err;
        });
      },
  );
  if (all.some(([{ bus }]) => bus.kind === "push")) tasks.push(push.listen);
  return { tasks, read: () => all.map(([, , gauge]) => gauge.read()) };
}

/** Two sensors of one chip, or of one address on a line, would each take the other's answers. */
function sharedPlaces(all: readonly (readonly [SiteSensor, DeviceProfile, unknown])[]): Trouble[] {
  const taken = new Map<string, string>();
  const lines = new Map<string, string>();
  return all.flatMap(([{ id, bus, unit }, profile]) => {
    const place = placeNamed(bus, unit, profile);
    const other = place && taken.get(place);
    if (place) taken.set(place, id);
    if (other) return [new Trouble(`sensor ${id}: ${place} already is sensor ${other}'s`)];
    if (bus.kind !== "serial") return [];
    // Only who is asked by an address can share a line, and only with those who speak alike.
    const { baud, format } = formatOf(bus, profile);
    const speech = `${profile.codec.kind} at ${baud} ${format}`;
    const before = lines.get(bus.path);
    lines.set(bus.path, speech);
    return before === undefined || before === speech
      ? []
      : [new Trouble(`sensor ${id}: ${speech} and ${before} cannot both be spoken on ${bus.path}`)];
  });
}

function placeNamed(bus: SiteSensor["bus"], unit: number | undefined, profile: DeviceProfile): string | undefined {
  if (bus.kind === "microphone") return `the microphone ${bus.device}`;
  if (bus.kind === "i2c") {
    const { bus: number, address } = placeOf(bus, profile);
    return `the chip at 0x${address.toString(16)} of I2C bus ${number}`;
  }
  if (bus.kind !== "serial") return undefined;
  const { codec } = profile;
  const address =
    codec.kind === "modbus" ? (unit ?? codec.unit) : codec.kind === "sdi12" ? (bus.address ?? "0") : undefined;
  return `${address === undefined ? "" : `address ${address} on `}the serial line ${bus.path}`;
}

function samplesOf(
  sensor: SiteSensor,
  profile: DeviceProfile,
  gauge: SensorGauge,
  { now, doors }: SensorSurroundings,
  signal: AbortSignal,
): AsyncIterable<Sample> {
  const options = { signal, now, onFailed: gauge.failed };
  const { bus } = sensor;
  return bus.kind === "microphone"
    ? watchMicrophone(bus, profile, { ...options, input: doors?.sound })
    : watchSensor(sensor, profile, { ...options, doors });
}

async function* told(samples: AsyncIterable<Sample>, gauge: SensorGauge): AsyncGenerator<Sample> {
  for await (const sample of samples) {
    gauge.said(sample);
    yield sample;
  }
}

async function readable(sensor: SiteSensor, { doors }: SensorSurroundings): Promise<DeviceProfile> {
  const profile = ownProfile(await found(ours, sensor.profile), sensor);
  checkBus(sensor, profile);
  if (sensor.bus.kind === "serial") await serialPackage(doors?.serialPackage);
  if (sensor.bus.kind === "i2c") await (doors?.i2c ?? linuxI2c).check(sensor.bus.bus);
  return profile;
}

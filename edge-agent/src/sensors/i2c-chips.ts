import type { DeviceProfile } from "@openkerb/contract";
import { bytesOf } from "./bytes.ts";
import type { I2cWire } from "./i2c-wire.ts";
import { SensorError } from "./sensor-error.ts";
import { wordsOf } from "./words.ts";

/** How a chip is made to measure, and what is read of it: the bytes that the profile's codec decodes. */
export type Chip = {
  start(wire: I2cWire): Promise<void>;
  /** Nothing while the chip has no new measurement. */
  measure(wire: I2cWire): Promise<Uint8Array | undefined>;
  stop(wire: I2cWire): Promise<void>;
};

/** The chip of a profile, or why it cannot be read over I2C. */
export function chipOf(profile: DeviceProfile): Chip | { readonly why: string } {
  const { codec } = profile;
  if (profile.bus.kind !== "i2c") return { why: "it has no I2C address" };
  if (codec.kind === "words") return sensirion(profile);
  if (codec.kind === "bme280") return bme280(profile);
  if (codec.kind === "alphasense") {
    const gain = gains.get(codec.step);
    if (gain === undefined) return { why: `an ADS1115 has no step of ${codec.step} V` };
    const { thermometer } = codec.certificate;
    return thermometer ? ads1115(gain, codec.step, thermometer) : { why: "its certificate names no thermometer" };
  }
  return { why: `nobody speaks ${codec.kind} over I2C` };
}

/** SEN5x, SCD4x and their like: two-byte commands, and answers of words with their CRC. */
function sensirion({ commands, bus, codec }: DeviceProfile): Chip | { readonly why: string } {
  const waits = bus.kind === "i2c" ? bus.waits : {};
  const pause = (name: string) => waits[name] ?? 20;
  const command = (name: string) => Array.from(bytesOf(commands[name] ?? "") ?? []);
  const [start, ready, read, stop] = ["start", "ready", "read", "stop"].map(command) as [
    number[],
    number[],
    number[],
    number[],
  ];
  if ([start, ready, read, stop].some((bytes) => bytes.length !== 2))
    return { why: "its commands start, ready, read and stop are not all there" };
  const words = codec.kind === "words" ? 1 + Math.max(...codec.fields.map(({ at }) => at)) / 2 : 0;
  const stopped = async (wire: I2cWire): Promise<void> => {
    await wire.write(...stop);
    await wire.wait(pause("stop"));
  };
  return {
    async start(wire) {
      // A chip that was left measuring by an earlier run knows no other command before it is stopped; one that was not
      // may refuse to hear of it.
      await stopped(wire).catch(notAnswered);
      await wire.write(...start);
      await wire.wait(pause("start"));
    },
    async measure(wire) {
      const flag = wordsOf(await wire.ask(ready, pause("ready"), 3));
      // Wrong words of a noisy line are asked for again.
      if (!(flag instanceof Uint8Array) || ((flag[0]! & 0x07) | flag[1]!) === 0) return undefined;
      return wire.ask(read, pause("read"), 3 * words);
    },
    stop: stopped,
  };
}

function notAnswered(err: unknown): void {
  if (!(err instanceof SensorError)) throw err;
}

/** Bosch's, one measurement at a time (datasheet 3.3.3): between them it sleeps and does not warm itself. */
function bme280({ commands }: DeviceProfile): Chip {
  const [control = 0xf4, forced = 0x25] = bytesOf(commands.measure ?? "") ?? [];
  let constants = new Uint8Array();
  return {
    async start(wire) {
      const [id] = await wire.ask([0xd0], 0, 1);
      if (id === 0x58) throw new SensorError("refused", "this is a BMP280, which measures no humidity");
      if (id !== 0x60) throw new SensorError("refused", `this chip says ${id?.toString(16)}, not 60: it is no BME280`);
      const parts = [await wire.ask([0x88], 0, 24), await wire.ask([0xa1], 0, 1), await wire.ask([0xe1], 0, 7)];
      constants = new Uint8Array(Buffer.concat(parts));
    },
    async measure(wire) {
      // The humidity's setting counts from the next write to the control register.
      await wire.write(0xf2, 0x01);
      await wire.write(control, forced);
      for (let tries = 0; ; tries++) {
        await wire.wait(10);
        const [status = 0] = await wire.ask([0xf3], 0, 1);
        if ((status & 0x08) === 0) break;
        if (tries === 20) return undefined;
      }
      return Buffer.concat([constants, await wire.ask([0xf7], 0, 8)]);
    },
    stop: async () => undefined,
  };
}

/** Volts of a step, and the gain's bits. */
const gains = new Map([
  [0.0001875, 0],
  [0.000125, 1],
  [0.0000625, 2],
  [0.00003125, 3],
  [0.000015625, 4],
  [0.0000078125, 5],
]);

/** Working electrode, auxiliary electrode and thermometer on the first three inputs of a converter. */
function ads1115(gain: number, step: number, thermometer: { readonly at20: number; readonly perDegree: number }): Chip {
  async function converted(wire: I2cWire, input: number): Promise<number> {
    // Start, one input against ground, one measurement, 128 a second, no comparator.
    const setting = 0x8183 | ((4 + input) << 12) | (gain << 9);
    await wire.write(0x01, setting >> 8, setting & 0xff);
    for (let tries = 0; ; tries++) {
      await wire.wait(9);
      const [high = 0] = await wire.ask([0x01], 0, 2);
      if (high & 0x80) break;
      if (tries === 20) throw new SensorError("refused", "the converter never ends its measurement");
    }
    return Buffer.from(await wire.ask([0x00], 0, 2)).readInt16BE(0);
  }
  return {
    start: async () => undefined,
    async measure(wire) {
      const [working, auxiliary, warmth] = [
        await converted(wire, 0),
        await converted(wire, 1),
        await converted(wire, 2),
      ];
      const celsius = 20 + (warmth * step - thermometer.at20) / thermometer.perDegree;
      const out = Buffer.alloc(6);
      out.writeInt16BE(working, 0);
      out.writeInt16BE(auxiliary, 2);
      out.writeInt16BE(Math.max(-32_768, Math.min(32_767, Math.round(100 * celsius))), 4);
      return out;
    },
    stop: async () => undefined,
  };
}

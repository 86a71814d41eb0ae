import { setTimeout as wait } from "node:timers/promises";
import type { I2cBus } from "./i2c-line.ts";
import { SensorError } from "./sensor-error.ts";

/** One chip on a bus. Throws SensorError when it does not answer. */
export type I2cWire = {
  write(...bytes: number[]): Promise<void>;
  read(length: number): Promise<Uint8Array>;
  /** Writes, waits so many milliseconds, reads. */
  ask(bytes: readonly number[], pause: number, length: number): Promise<Uint8Array>;
  wait(milliseconds: number): Promise<void>;
};

/** A chip that is busy with itself does not acknowledge its address; it is asked again after so many milliseconds. */
const pauses = [5, 20, 80] as const;

export function i2cWire(bus: I2cBus, number: number, address: number, signal: AbortSignal): I2cWire {
  async function tried<T>(once: () => Promise<T>): Promise<T> {
    let cause: unknown;
    for (const pause of [0, ...pauses]) {
      if (pause > 0) await wait(pause, undefined, { signal });
      try {
        return await once();
      } catch (err) {
        cause = err;
      }
    }
    const where = `0x${address.toString(16)} of I2C bus ${number}`;
    throw new SensorError("unplugged", `no chip answers at ${where}; i2cdetect -y ${number} shows those there are`, {
      cause,
    });
  }
  const wire: I2cWire = {
    write: (...bytes) => tried(() => bus.write(address, Uint8Array.from(bytes))),
    read: (length) => tried(() => bus.read(address, length)),
    ask: async (bytes, pause, length) => {
      await wire.write(...bytes);
      await wire.wait(pause);
      return wire.read(length);
    },
    wait: (milliseconds) => wait(milliseconds, undefined, { signal }),
  };
  return wire;
}

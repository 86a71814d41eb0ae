import { setTimeout as wait } from "node:timers/promises";
import type { DeviceProfile } from "@openkerb/contract";
import { type Decoded, hexOf } from "./bytes.ts";
import { decode } from "./decode.ts";
import type { Chip } from "./i2c-chips.ts";
import type { I2cBus } from "./i2c-line.ts";
import { i2cWire } from "./i2c-wire.ts";
import { judge, type Manner } from "./sensor.ts";
import { SensorError } from "./sensor-error.ts";

/** Where a chip is. */
export type I2cPlace = { readonly bus: number; readonly address: number };

/** How often a chip is asked whether its measurement is ready, milliseconds. */
const asking = 100;

/**
 * Starts a chip, reads it again and again, and stops it at the end. Throws SensorError when the chip does not answer, or has
 * no measurement or none that can be understood for `patience`.
 */
export async function* chipSamples(
  open: () => Promise<I2cBus>,
  { bus: number, address }: I2cPlace,
  profile: DeviceProfile,
  chip: Chip,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  const { interval, patience, signal } = manner;
  const bearable = judge(manner);
  const bus = await open();
  try {
    const wire = i2cWire(bus, number, address, signal);
    await chip.start(wire);
    let heard = performance.now();
    for (;;) {
      const bytes = await chip.measure(wire);
      if (bytes === undefined) {
        if (performance.now() - heard > patience)
          throw new SensorError("silent", "the chip never has a measurement ready");
        await wait(asking, undefined, { signal });
        continue;
      }
      const answer = decode(profile, { hex: hexOf(bytes) });
      yield answer;
      bearable(answer);
      await wait(interval, undefined, { signal });
      heard = performance.now();
    }
  } finally {
    // The signal may be the reason to stop, so it does not count here; a chip that is gone cannot be stopped.
    await chip.stop(i2cWire(bus, number, address, new AbortController().signal)).catch(() => undefined);
    await bus.close().catch(() => undefined);
  }
}

import { setTimeout as wait } from "node:timers/promises";
import type { ClockQuality, DeviceTrouble, Health } from "@openkerb/contract";
import type { Outbox } from "../outbox/outbox.ts";
import { type ClockState, readClock } from "./clock.ts";
import { deviceTroubles } from "./device-troubles.ts";
import { type Machine, readMachine } from "./machine.ts";

type DeviceGauges = Machine & Pick<Health, "clockOffset">;

/** Looks at the box every ten seconds, and at its clock. */
export type DeviceWatch = {
  readonly run: (stop: AbortSignal) => Promise<void>;
  /** What health says of the box, read now. */
  readonly read: () => Promise<DeviceGauges>;
  readonly clockQuality: () => ClockQuality;
};

export type DeviceWatchOptions = {
  readonly data: string;
  readonly outbox: Pick<Outbox, "standing">;
  /** Troubles that an earlier process left open. */
  readonly open: readonly DeviceTrouble[];
  readonly onChange: (trouble: DeviceTrouble, active: boolean) => void;
  readonly every?: number;
  readonly look?: { readonly machine: (data: string) => Promise<Machine>; readonly clock: () => Promise<ClockState> };
  /** Wall and monotonic time, milliseconds. */
  readonly times?: () => { readonly wall: number; readonly steady: number };
};

/** The wall clock may drift so far between two looks before it counts as set, milliseconds. */
const leap = 2000;

export function watchDevice(options: DeviceWatchOptions): DeviceWatch {
  const { data, outbox, open, onChange, every = 10_000, look = { machine: readMachine, clock: readClock } } = options;
  const { times = () => ({ wall: Date.now(), steady: performance.now() }) } = options;
  const changes = deviceTroubles(open);
  let clock: ClockState = { quality: "unknown" };

  return {
    run: async (stop) => {
      for (let before = times(); ; ) {
        const machine = await look.machine(data);
        clock = await look.clock();
        const after = times();
        const steady = Math.abs(after.wall - before.wall - (after.steady - before.steady)) < leap;
        before = after;
        for (const { trouble, active } of changes({ machine, clock, steady, outbox: outbox.standing() })) {
          onChange(trouble, active);
        }
        await wait(every, undefined, { signal: stop });
      }
    },
    read: async () => ({
      ...(await look.machine(data)),
      ...(clock.offset === undefined ? {} : { clockOffset: clock.offset }),
    }),
    clockQuality: () => clock.quality,
  };
}

import type { DeviceTrouble } from "@openkerb/contract";
import type { Standing } from "../outbox/outbox.ts";
import type { ClockState } from "./clock.ts";
import type { Machine } from "./machine.ts";

/** One look at the box. `steady` is false when the wall clock was set since the look before. */
export type Look = {
  readonly machine: Machine;
  readonly clock: ClockState;
  readonly steady: boolean;
  readonly outbox: Pick<Standing, "full" | "damaged">;
};

export type DeviceTroubleChange = { readonly trouble: DeviceTrouble; readonly active: boolean };

/** Where a trouble begins and where it ends; between the two nothing changes, so that nothing flickers. */
const low = { begin: 0.05, end: 0.1, beginBytes: 256 * 1024 * 1024, endBytes: 512 * 1024 * 1024 };
const hot = { begin: 80, end: 72 };
/** Looks in a row that the clock must be bad before it counts, and good before it is forgotten. */
const clockLooks = { begin: 30, end: 6 };
/** A clock further off than this is wrong even though somebody keeps it, milliseconds. */
const offLimit = 2000;

/** Follows the box look by look and says what began and what ended. `open` is what is known to have begun before. */
export function deviceTroubles(open: readonly DeviceTrouble[] = []): (look: Look) => readonly DeviceTroubleChange[] {
  const active = new Set(open);
  let bad = 0;
  let good = 0;

  const clockIs = ({ clock, steady }: Look): boolean | undefined => {
    const wrong = clock.quality === "unsynced" || Math.abs(clock.offset ?? 0) > offLimit;
    bad = wrong ? bad + 1 : 0;
    good = wrong || !steady ? 0 : good + 1;
    if (!steady || bad >= clockLooks.begin) return true;
    return good >= clockLooks.end ? false : undefined;
  };

  return (look) => {
    const { disk, temperature } = look.machine;
    const states: readonly (readonly [DeviceTrouble, boolean | undefined])[] = [
      ["disk-low", disk && diskIs(disk)],
      ["hot", temperature === undefined ? undefined : between(temperature >= hot.begin, temperature <= hot.end)],
      ["clock-wrong", clockIs(look)],
      ["outbox-full", look.outbox.full],
      ["outbox-damaged", look.outbox.damaged],
    ];
    return states.flatMap(([trouble, is]) => {
      if (is === undefined || is === active.has(trouble)) return [];
      if (is) active.add(trouble);
      else active.delete(trouble);
      return [{ trouble, active: is }];
    });
  };
}

/** A large disk is low by its bytes, a small one by its share. */
const diskIs = ({ free, total }: { free: number; total: number }): boolean | undefined =>
  between(free < Math.min(low.begin * total, low.beginBytes), free > Math.min(low.end * total, low.endBytes));

/** True, false, or undefined for neither. */
const between = (begins: boolean, ends: boolean): boolean | undefined => (begins ? true : ends ? false : undefined);

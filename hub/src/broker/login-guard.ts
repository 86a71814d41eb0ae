import type { Millis } from "@openkerb/contract";

/** So many wrong logins at once, then one more after each pause. */
type Allowance = { readonly most: number; readonly pause: Millis };

/** A box with a wrong password tries every minute; whoever guesses tries faster. */
const perName: Allowance = { most: 5, pause: 20_000 as Millis };
/** Many boxes may share an address, and one of them may be set up wrongly. */
const perCaller: Allowance = { most: 30, pause: 2000 as Millis };
/** Callers and names that are remembered; the longest unheard of goes first. */
const remembered = 10_000;

/**
 * Holds back whoever sends one wrong login after another, before a password is computed for them. A try is taken from
 * the caller's allowance and from that of the name as this caller uses it, so that nobody can lock out a box elsewhere.
 */
export type LoginGuard = {
  /** Takes a try; false when there is none left. */
  take(caller: string, name: string): boolean;
  /** The login was right: the try is given back. */
  giveBack(caller: string, name: string): void;
};

export function loginGuard(steady: () => number = () => performance.now()): LoginGuard {
  const used = new Map<string, { tries: number; at: number }>();
  const triesOf = (key: string, { pause }: Allowance): number => {
    const entry = used.get(key);
    return entry ? Math.max(0, entry.tries - (steady() - entry.at) / pause) : 0;
  };
  const set = (key: string, tries: number): void => {
    used.delete(key);
    if (tries <= 0) return;
    if (used.size >= remembered) used.delete(used.keys().next().value as string);
    used.set(key, { tries, at: steady() });
  };
  const both = (caller: string, name: string): readonly (readonly [string, Allowance])[] => [
    [caller, perCaller],
    [`${caller} ${name}`, perName],
  ];
  return {
    take(caller, name) {
      const entries = both(caller, name);
      if (entries.some(([key, allowance]) => triesOf(key, allowance) > allowance.most - 1)) return false;
      for (const [key, allowance] of entries) set(key, triesOf(key, allowance) + 1);
      return true;
    },
    giveBack(caller, name) {
      for (const [key, allowance] of both(caller, name)) set(key, triesOf(key, allowance) - 1);
    },
  };
}

import type { QualityFlag } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { type EffectiveFlag, effectiveFlag, type FlagRange } from "./reading-flags.ts";
import { daySpan, hourSpan } from "./store.ts";

type Row = { start: number; stop: number; flag: QualityFlag; decision: number; replaces: number };

/** What is said of the quality of a channel's readings between two times. */
export function flagReader(database: Database): (channel: number, from: number, to: number) => FlagRange[] {
  // No range is longer than a day, so that none that begins before yesterday reaches into the time.
  const found = database.prepare<[number, number, number, number], Row>(
    `SELECT start, stop, flag, decision, replaces FROM flag_ranges
     WHERE channel = ? AND start >= ? AND start < ? AND stop > ? ORDER BY start, decision`,
  );
  return (channel, from, to) =>
    found.all(channel, from - daySpan, to, from).map((r) => ({ ...r, replaces: r.replaces === 1 }));
}

export type Overlay = {
  /** The flag of a reading that comes in now. */
  flagOf(channel: number, at: number, device: QualityFlag): QualityFlag;
  over(channel: number, from: number, to: number): EffectiveFlag;
  ranges(channel: number, from: number, to: number): FlagRange[];
  /** Puts what the tests say of one hour in place of what they said before; true when that is a change. */
  test(channel: number, hour: number, ranges: readonly Pick<FlagRange, "start" | "stop" | "flag">[]): boolean;
  /** What an officer decided; `replaces` as in FlagRange. */
  decide(channel: number, range: FlagRange): void;
  /** After a lost transaction. */
  forget(): void;
};

/** Days whose ranges are kept at hand for late readings. */
const remembered = 500;

/** The one writer of flag ranges. Nearly every reading is newer than any range of its channel and costs one look. */
export function openOverlay(database: Database): Overlay {
  const read = flagReader(database);
  const ends = database.prepare<[], { channel: number; stop: number }>(
    "SELECT channel, max(stop) AS stop FROM flag_ranges GROUP BY channel",
  );
  const put = database.prepare<[number, number, number, number, number, number]>(
    "INSERT OR REPLACE INTO flag_ranges (channel, start, decision, stop, flag, replaces) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const tested = database.prepare<[number, number, number], { start: number; stop: number; flag: QualityFlag }>(
    "SELECT start, stop, flag FROM flag_ranges WHERE channel = ? AND start >= ? AND start < ? AND decision = 0 ORDER BY start",
  );
  const clear = database.prepare<[number, number, number]>(
    "DELETE FROM flag_ranges WHERE channel = ? AND start >= ? AND start < ? AND decision = 0",
  );
  let last: Map<number, number> | undefined;
  const days = new Map<string, EffectiveFlag>();
  const endOf = (channel: number): number => {
    last ??= new Map(ends.all().map((row) => [row.channel, row.stop]));
    return last.get(channel) ?? 0;
  };
  const changed = (channel: number, stop: number): void => {
    days.clear();
    if (stop > endOf(channel)) last?.set(channel, stop);
  };
  return {
    flagOf(channel, at, device) {
      if (at >= endOf(channel)) return device;
      const day = at - (at % daySpan);
      const key = `${channel} ${day}`;
      let flag = days.get(key);
      if (flag === undefined) {
        if (days.size >= remembered) days.clear();
        flag = effectiveFlag(read(channel, day, day + daySpan));
        days.set(key, flag);
      }
      return flag(at, device);
    },
    over: (channel, from, to) => effectiveFlag(read(channel, from, to)),
    ranges: read,
    test(channel, hour, ranges) {
      const before = tested.all(channel, hour, hour + hourSpan);
      const same =
        before.length === ranges.length &&
        before.every(
          (b, i) => b.start === ranges[i]?.start && b.stop === ranges[i]?.stop && b.flag === ranges[i]?.flag,
        );
      if (same) return false;
      clear.run(channel, hour, hour + hourSpan);
      for (const { start, stop, flag } of ranges) {
        put.run(channel, start, 0, stop, flag, 0);
        changed(channel, stop);
      }
      days.clear();
      return true;
    },
    decide(channel, { start, stop, flag, decision, replaces }) {
      for (let from = start; from < stop; ) {
        const to = Math.min(stop, from - (from % daySpan) + daySpan);
        put.run(channel, from, decision, to, flag, replaces ? 1 : 0);
        from = to;
      }
      changed(channel, stop);
    },
    forget() {
      last = undefined;
      days.clear();
    },
  };
}

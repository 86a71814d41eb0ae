import {
  after,
  floorTo,
  type Instant,
  type LineCrossed,
  type MinuteCounted,
  millis,
  minutes,
  type RoadClass,
  type ZoneId,
} from "@openkerb/contract";
import type { Finding } from "./rule.ts";

export type Minute = Pick<MinuteCounted, "kind" | "at" | "span" | "watched" | "lines" | "zones">;

/** Longer without a picture than this, milliseconds, and nobody was watching. */
const blink = 2000;
const span = minutes(1);
/** The most empty minutes said after a gap; beyond it the clock was wrong, or missing minutes speak for themselves. */
const longestGap = 24 * 60;

type LineTally = { line: LineCrossed["line"]; class: RoadClass; in: number; out: number };
type ZoneTally = { zone: ZoneId; class: RoadClass; entered: number; present: number; max: number };

/**
 * Rolls findings into the minutes of the UTC clock. A minute is told when the first scene after it has come; minutes
 * without any picture are told too, with nothing watched. When the clock is set back, a minute may come in parts.
 */
export function minuteCounter(): {
  /** The time has come to `at`: gives the minutes that are over. Call it before the findings of `at` are added. */
  readonly reach: (at: Instant) => Iterable<Minute>;
  readonly add: (finding: Finding) => void;
  /** The minute that was begun, if any. */
  readonly end: () => Iterable<Minute>;
} {
  let start: Instant | undefined;
  let now: Instant | undefined;
  let watched = 0;
  const lines = new Map<string, LineTally>();
  const zones = new Map<string, ZoneTally>();
  /** How many are in a zone now; outlives the minute. */
  const present = new Map<string, { zone: ZoneId; class: RoadClass; count: number }>();

  const zoneTally = (zone: ZoneId, of: RoadClass): ZoneTally => {
    const key = `${zone} ${of}`;
    const tally = zones.get(key) ?? { zone, class: of, entered: 0, present: 0, max: 0 };
    zones.set(key, tally);
    return tally;
  };

  function watch(from: Instant, to: Instant): void {
    watched += to - from;
    for (const { zone, class: of, count } of present.values()) {
      if (count === 0) continue;
      const tally = zoneTally(zone, of);
      tally.present += count * (to - from);
      tally.max = Math.max(tally.max, count);
    }
  }

  function close(at: Instant): Minute {
    const minute: Minute = {
      kind: "minute-counted",
      at,
      span,
      watched: millis(watched),
      lines: [...lines.values()].sort(byName),
      zones: [...zones.values()].sort(byName).map(({ present: sum, ...rest }) => ({
        ...rest,
        mean: watched > 0 ? Math.round((sum / watched) * 1000) / 1000 : 0,
      })),
    };
    watched = 0;
    lines.clear();
    zones.clear();
    return minute;
  }

  return {
    *reach(at) {
      const minute = floorTo(at, span);
      if (start === undefined || now === undefined) [start, now] = [minute, at];
      const seen = at >= now && at - now <= blink;
      const gap = (minute - start) / span;
      if (gap < 0 || gap > longestGap) {
        yield close(start);
        start = minute;
      }
      while (start < minute) {
        const next = after(start, span);
        if (seen) watch(now, next);
        now = next;
        yield close(start);
        start = next;
      }
      if (seen) watch(now, at);
      now = at;
    },
    add(finding) {
      if (finding.kind === "line-crossed") {
        const key = `${finding.line} ${finding.class}`;
        const tally = lines.get(key) ?? { line: finding.line, class: finding.class, in: 0, out: 0 };
        tally[finding.direction]++;
        lines.set(key, tally);
      } else if (finding.kind === "zone-entered") zoneTally(finding.zone, finding.class).entered++;
      else if (finding.kind === "zone-occupied") {
        const { zone, class: of, count } = finding;
        present.set(`${zone} ${of}`, { zone, class: of, count });
        const tally = zoneTally(zone, of);
        tally.max = Math.max(tally.max, count);
      }
    },
    *end() {
      if (start !== undefined) yield close(start);
      start = undefined;
      now = undefined;
    },
  };
}

const byName = (
  a: { line?: string; zone?: string; class: string },
  b: { line?: string; zone?: string; class: string },
): number => {
  const [x, y] = [a, b].map((t) => `${t.line ?? t.zone} ${t.class}`) as [string, string];
  return x < y ? -1 : x > y ? 1 : 0;
};

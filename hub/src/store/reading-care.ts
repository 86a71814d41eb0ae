import type { Metric, QualityFlag } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { type DriftWaiting, driftWaiting } from "./drift-waiting.ts";
import { type QualityWaiting, qualityWaiting } from "./quality-waiting.ts";
import { type DerivedHours, derivedHours } from "./reading-derived.ts";
import { type Overlay, openOverlay } from "./reading-overlay.ts";
import { type Recomputed, recomputer, rollupRows } from "./reading-recompute.ts";
import { rollupStep } from "./reading-rows.ts";
import { hourSpan } from "./store.ts";
import { type ValidationLapses, validationLapses } from "./validation-lapses.ts";
import type { Words } from "./words.ts";

/** What follows from readings in the same transaction: their flags, tests that wait, and corrected hours. */
export type ReadingCare = {
  readonly overlay: Overlay;
  readonly waiting: QualityWaiting;
  readonly drift: DriftWaiting;
  readonly derived: DerivedHours;
  readonly lapses: Pick<ValidationLapses, "forget">;
  flagOf(channel: number, at: number, device: QualityFlag): QualityFlag;
  /** Hours (ids as in hour_rollups) have new readings. */
  stored(hours: Iterable<number>): void;
  /**
   * Flags changed: makes the hours (times) of a channel anew, their days, and what is corrected from them. What tests
   * change, nobody has seen who stood for it before; what an officer decides, stays validated.
   */
  recompute(channel: number, metric: Metric, hours: Iterable<number>, by: "tests" | "officer"): Recomputed;
  forget(): void;
};

export function readingCare(database: Database, words: Words): ReadingCare {
  const overlay = openOverlay(database);
  const waiting = qualityWaiting(database);
  const rows = rollupRows(database);
  const lapses = validationLapses(database);
  const derived = derivedHours(database, words, rows, lapses.lapse);
  const recompute = recomputer(database, overlay, rows);
  return {
    overlay,
    waiting,
    drift: driftWaiting(database),
    derived,
    lapses,
    flagOf: overlay.flagOf,
    stored(hours) {
      const ids = [...hours];
      for (const id of ids) waiting.add(id);
      lapses.lapse(ids);
      lapses.lapse(derived.changed(ids));
    },
    recompute(channel, metric, hours, by) {
      const outcome = recompute(channel, metric, hours);
      const ids = outcome.done.map((at) => channel * rollupStep + at / hourSpan);
      const made = derived.changed(ids);
      if (by === "tests") {
        lapses.lapse(ids);
        lapses.lapse(made);
      }
      return outcome;
    },
    forget() {
      overlay.forget();
      waiting.forget();
      derived.forget();
      lapses.forget();
    },
  };
}

import type { Instant } from "@openkerb/contract";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { type ColocationDesk, openColocationDesk } from "./colocation-desk.ts";
import { type CorrectionDesk, openCorrectionDesk } from "./correction-desk.ts";
import { type DatedSettings, datedSettings } from "./dated-settings.ts";
import { testsWith } from "./own-settings.ts";
import { openReviewDesk, type ReviewDesk } from "./review-desk.ts";

/** Everything officers do to readings, each thing with its entry in the audit log. */
export type Quality = {
  readonly review: ReviewDesk;
  readonly colocations: ColocationDesk;
  readonly corrections: CorrectionDesk;
  readonly settings: DatedSettings;
  /** Long questions about single readings. */
  readonly ask: SqliteStore["ask"];
};

/** @param tests of every metric, as they are set from now on */
export function openQuality(store: SqliteStore, now: Instant, tests = testsWith({})): Quality {
  const review = openReviewDesk(store);
  const colocations = openColocationDesk(store, review);
  const settings = datedSettings(store, review, tests, now);
  const corrections = openCorrectionDesk(store, review, colocations);
  return { review, colocations, corrections, settings, ask: store.ask };
}

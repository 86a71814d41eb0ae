import type { SqliteStore } from "../store/sqlite-store.ts";
import { type ColocationDesk, openColocationDesk } from "./colocation-desk.ts";
import { type CorrectionDesk, openCorrectionDesk } from "./correction-desk.ts";
import { openReviewDesk, type ReviewDesk } from "./review-desk.ts";

/** Everything officers do to readings, each thing with its entry in the audit log. */
export type Quality = {
  readonly review: ReviewDesk;
  readonly colocations: ColocationDesk;
  readonly corrections: CorrectionDesk;
  /** Long questions about single readings. */
  readonly ask: SqliteStore["ask"];
};

export function openQuality(store: SqliteStore): Quality {
  const review = openReviewDesk(store);
  const colocations = openColocationDesk(store, review);
  return { review, colocations, corrections: openCorrectionDesk(store, review, colocations), ask: store.ask };
}

import type { Metric, Sentence } from "@openkerb/contract";
import type { Look, Said, StoredModel } from "../store/forecast-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { HourScore } from "../store/score-table.ts";

/** What the hub's own thread may be asked to do for one channel. `end` is the end of the last hour that may be used. */
export type Task =
  | { readonly kind: "score"; readonly channel: Channel; readonly end: number }
  | { readonly kind: "say"; readonly channel: Channel; readonly end: number; readonly now: number }
  | {
      readonly kind: "learn";
      readonly channel: Channel;
      readonly end: number;
      readonly now: number;
      /** Undefined when the channel's unit cannot be held against a figure of the region. */
      readonly event: { readonly value: number; readonly source: Sentence } | undefined;
    };

/** What it answers, in pieces; `done` or `failed` ends a task. */
export type TaskAnswer =
  | { readonly kind: "scored"; readonly channel: number; readonly scores: readonly HourScore[] }
  | { readonly kind: "said"; readonly said: readonly Said[] }
  | { readonly kind: "learnt"; readonly look: Look; readonly models: readonly StoredModel[] }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: Error };

/** Directions go round and rain is mostly none: neither has a usual value to be apart from. */
export const isScored = (metric: Metric): boolean => metric !== "wind-direction" && metric !== "rain";

import { z } from "zod";
import { AirChannel } from "./air-api.ts";
import { PersonName } from "./alert.ts";
import { SiteId } from "./id.ts";
import { QualityFlag } from "./provenance.ts";
import { Sentence } from "./sentences/sentence.ts";
import { Instant } from "./unit.ts";
import { Written } from "./written.ts";

const reason = Written.min(3, "say why, in a few words").max(400);

/** A moment that a person states: no later than a calendar can write, as every page and report has to print it. */
const stated = Instant.max(253_402_300_799_999, "lies after the year 9999");
/** The item's `to` as the officer saw it: an item that has grown since is not decided unseen (409 `changed`). */
const seen = Instant.optional();
/** What an officer decided about a stretch of readings. Raw values and the device's own flags stay as they are. */
export const ReviewDecision = z.discriminatedUnion("do", [
  z.strictObject({ do: z.literal("accept"), reason: reason.optional(), seen }),
  z.strictObject({ do: z.literal("override"), flag: QualityFlag, reason, seen }),
]);
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/** A stretch of readings that tests of quality doubt, waiting for an officer or decided. */
export const ReviewItem = z.strictObject({
  id: z.int().positive(),
  channel: AirChannel,
  from: Instant,
  /** Not included. */
  to: Instant,
  /** The worst flag the tests gave. */
  flag: QualityFlag,
  tests: z.array(z.strictObject({ test: z.string(), flag: QualityFlag, readings: z.int() })),
  readings: z.int(),
  state: z.enum(["open", "accepted", "overridden"]),
  decision: z
    .strictObject({ flag: QualityFlag, reason: z.string().optional(), by: PersonName, at: Instant })
    .optional(),
});
export type ReviewItem = z.infer<typeof ReviewItem>;
/** GET /air/review?state=open|decided|all&site=&limit=: newest first. POST /air/review/:id with a ReviewDecision. */
export const ReviewList = z.strictObject({ items: z.array(ReviewItem), open: z.int() });
export type ReviewList = z.infer<typeof ReviewList>;
/** What somebody did that an audit may ask for, recorded before it took effect. */
export const AirAuditEntry = z.strictObject({
  id: z.int().positive(),
  at: Instant,
  by: PersonName,
  action: z.enum([
    "review-accepted",
    "review-overridden",
    "validated",
    "validation-withdrawn",
    "colocation-made",
    "correction-applied",
    "correction-ended",
    "report-exported",
    "tests-changed",
  ]),
  channel: z.int().positive().optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  words: Sentence,
  reason: z.string().optional(),
});
export type AirAuditEntry = z.infer<typeof AirAuditEntry>;

/**
 * POST /air/reports: somebody is about to print what is known of a place in that time. What is answered is the entry of
 * the audit; without one nothing is printed.
 */
export const AirReportOrder = z.strictObject({ site: SiteId, from: stated, to: stated });
export const AirReport = AirAuditEntry.pick({ id: true, at: true, by: true });

/** GET /air/review/:id: with the readings around it, so that the doubt can be seen. */
export const ReviewDetail = z.strictObject({
  item: ReviewItem,
  readings: z.array(
    z.strictObject({ at: Instant, value: z.number(), device: QualityFlag, tests: QualityFlag, effective: QualityFlag }),
  ),
  history: z.array(AirAuditEntry),
  /** How it was tested: the settings' id, and the hour from which on they hold; absent when they always did. */
  settings: z.strictObject({ id: z.string(), since: Instant.optional() }).optional(),
});
export type ReviewDetail = z.infer<typeof ReviewDetail>;

/** POST /air/validations: an officer stands for all values of a channel in that time. Provisional becomes validated. */
export const Validation = z.strictObject({ channel: z.int().positive(), from: stated, to: stated, reason });
export type Validation = z.infer<typeof Validation>;
/** POST /air/validations/:id/withdraw and POST /air/corrections/:id/end: why. */
export const AirReason = z.strictObject({ reason });
export type AirReason = z.infer<typeof AirReason>;
/** GET /air/validations?channel=, newest first; also the answer to a validation and to its withdrawal. */
export const ValidationList = z.strictObject({
  validations: z.array(
    Validation.extend({ id: z.int().positive(), by: PersonName, at: Instant, withdrawn: Instant.optional() }),
  ),
});

/** GET /air/audit?channel=&before=&limit=: newest first. */
export const AirAudit = z.strictObject({ entries: z.array(AirAuditEntry) });
export type AirAudit = z.infer<typeof AirAudit>;

const interval = z.tuple([z.number(), z.number()]);
/** Reference = gain · sensor + offset, with 95 % intervals, fitted on the first half of the time, judged on the second. */
export const CalibrationView = z.strictObject({
  gain: z.number(),
  offset: z.number(),
  gainInterval: interval,
  offsetInterval: interval,
  fitted: z.strictObject({ n: z.int(), from: Instant, to: Instant, r2: z.number() }),
  judged: z.strictObject({
    n: z.int(),
    from: Instant,
    to: Instant,
    r2: z.number(),
    rmseBefore: z.number(),
    rmseAfter: z.number(),
    rmseOfMean: z.number(),
  }),
});
/** A sensor beside a reference instrument. */
export const Colocation = z.strictObject({
  id: z.int().positive(),
  sensor: AirChannel,
  /** Another channel of this hub, or a table that was sent. */
  reference: z.union([
    z.strictObject({ kind: z.literal("channel"), channel: AirChannel }),
    z.strictObject({ kind: z.literal("table"), name: z.string() }),
  ]),
  from: Instant,
  to: Instant,
  made: z.strictObject({ by: PersonName, at: Instant }),
  pairs: z.int(),
  spanMinutes: z.number(),
  unit: z.string(),
  agreement: z
    .strictObject({
      slope: z.number(),
      intercept: z.number(),
      r2: z.number(),
      rmse: z.number(),
      nrmse: z.number(),
      mae: z.number(),
      bias: z.number(),
      fac2: z.number(),
    })
    .optional(),
  targets: z.array(z.strictObject({ name: z.string(), value: z.number(), target: Sentence, met: z.boolean() })),
  verdict: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("accepted"), calibration: CalibrationView }),
    z.strictObject({ kind: z.literal("refused"), why: z.array(Sentence), calibration: CalibrationView.optional() }),
  ]),
  /** Such as a better correlation an hour later, which is a clock or time zone mistake. */
  warning: Sentence.optional(),
});
export type Colocation = z.infer<typeof Colocation>;
/** GET /air/colocations?channel=; GET /air/colocations/:id with pairs; GET /air/colocations/:id/report is a page to print. */
export const ColocationList = z.strictObject({ colocations: z.array(Colocation) });
export const ColocationDetail = z.strictObject({
  colocation: Colocation,
  pairs: z.array(z.strictObject({ at: Instant, sensor: z.number(), reference: z.number() })),
});
/** POST /air/colocations: makes one and answers with its detail. `table` is CSV `time,value` of the reference, at most 8 MB. */
export const ColocationOrder = z.strictObject({
  sensor: z.int().positive(),
  reference: z.union([
    z.strictObject({ channel: z.int().positive() }),
    z.strictObject({ table: z.string().max(8_000_000), name: Written.min(1).max(80) }),
  ]),
  from: stated,
  to: stated,
});
export type ColocationOrder = z.infer<typeof ColocationOrder>;

/** A correction in use on a channel from a moment on. Its values are another channel; the raw one stays. */
export const CorrectionUse = z.strictObject({
  id: z.int().positive(),
  channel: AirChannel,
  /** The channel that holds the corrected hours. */
  gives: z.int().positive(),
  /** A published correction, or `colocation-<id>@1`. */
  correction: z.string(),
  source: Sentence,
  from: Instant,
  to: Instant.optional(),
  by: PersonName,
  at: Instant,
  /** While its hours are being computed: how many of those measured so far are. Absent when all are. */
  making: z.strictObject({ made: z.int().nonnegative(), of: z.int().nonnegative() }).optional(),
});
export type CorrectionUse = z.infer<typeof CorrectionUse>;
/** What a published correction is fed with: the sensor's own CF=1 or ATM mass, or its count above 0.3 µm. */
export const CorrectionChannel = z.enum(["cf1", "atm", "count03"]);
export type CorrectionChannel = z.infer<typeof CorrectionChannel>;
/**
 * GET /air/corrections?channel=: uses, and what could be applied to the channel; also the answer to an order and to its
 * end. `input` is what the channel carries as far as its sensor's profile tells; absent, an order for a published
 * correction has to state it.
 */
export const CorrectionList = z.strictObject({
  uses: z.array(CorrectionUse),
  available: z.array(z.strictObject({ id: z.string(), source: Sentence, needs: Sentence })),
  input: CorrectionChannel.optional(),
});
/** POST /air/corrections: a published one by id, or that of an accepted colocation. POST /air/corrections/:id/end ends it. */
export const CorrectionOrder = z.strictObject({
  channel: z.int().positive(),
  correction: z.union([z.strictObject({ id: z.string() }), z.strictObject({ colocation: z.int().positive() })]),
  /** Stated by the officer where the profile does not tell what the channel carries. */
  input: CorrectionChannel.optional(),
  from: stated,
  /**
   * A channel has one correction at a time. Without this an order is refused that meets another one in use from `from`
   * on (409 `does-not-fit`); with it that one ends at `from`, and what it made of later hours is taken away.
   */
  replace: z.boolean().optional(),
  reason,
});
export type CorrectionOrder = z.infer<typeof CorrectionOrder>;

import { type Sentence, say, type WarningRecord } from "@openkerb/contract";
import { type Warnings, warningsOf } from "../air/forecast/skill.ts";

/** How forecasts of one horizon did on hours kept apart, as it is stored beside the model. */
export type HorizonRecord = {
  readonly tested: number;
  readonly rmse: number;
  readonly skillOverPersistence: number;
  readonly skillOverDampedPersistence: number;
  /** Share of the hours whose value lay within the interval that should hold 90 %. */
  readonly held: number;
  readonly event: number;
  readonly eventSource: Sentence;
  readonly warnsAbove: number;
  readonly warnings: WarningRecord;
  readonly warningsOfPersistence: WarningRecord;
};

/** Shares that nothing was counted for are left out: no warning at all has no false alarm ratio. */
export function warningRecord({ hits, misses, falseAlarms, pod, far, csi }: Warnings): WarningRecord {
  return {
    hits,
    misses,
    falseAlarms,
    ...(hits + misses > 0 && { pod }),
    ...(hits + falseAlarms > 0 && { far }),
    ...(hits + misses + falseAlarms > 0 && { csi }),
  };
}

/** The record of warnings that were given or not. */
export const recordOfWarned = (warned: readonly boolean[], came: readonly number[], event: number): WarningRecord =>
  warningRecord(warningsOf(warned, came, event));

const percent = (share: number): number => Math.round(share * 100);

/** Why no warning may be given on this record, in a sentence; undefined when it is better than persistence. */
export function whyWithheld(record: HorizonRecord): Sentence | undefined {
  const { tested: hours, event, warnings, warningsOfPersistence } = record;
  if (record.skillOverPersistence <= 0)
    return say("warning.persistence", { hours, skill: record.skillOverPersistence.toFixed(2) });
  if (record.skillOverDampedPersistence <= 0)
    return say("warning.damped", { hours, skill: record.skillOverDampedPersistence.toFixed(2) });
  if (warnings.hits + warnings.misses === 0) return say("warning.no-event", { hours, event });
  const [own, other] = [warnings.csi ?? 0, warningsOfPersistence.csi ?? 0];
  if (own <= other) return say("warning.no-better", { hours, own: percent(own), other: percent(other) });
  return undefined;
}

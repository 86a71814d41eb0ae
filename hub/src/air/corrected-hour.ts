import { type CorrectionInput, correct } from "./correction.ts";

/** What a colocation found: reference = gain · sensor + offset. */
export const calibrated = (mean: number, { gain, offset }: { gain: number; offset: number }): number =>
  gain * mean + offset;

/** An hour's mean corrected by a published formula; nothing where the hour's humidity is unknown or impossible. */
export function correctedHour(
  id: string,
  channel: CorrectionInput["channel"] | undefined,
  mean: number,
  humidity: number | undefined,
): number | undefined {
  if (channel === undefined || humidity === undefined) return undefined;
  const corrected = correct(id, { channel, value: mean, humidity });
  return corrected.kind === "value" ? corrected.value : undefined;
}

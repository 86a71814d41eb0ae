import { type Sentence, say } from "@openkerb/contract";
import type { Mean } from "./averages.ts";
import { exactSums } from "./exact-sums.ts";
import { hour } from "./timestamp.ts";

const months = 6;
/** Part of the season's days that must be there, as for every other mean of WHO. */
const share = 0.75;

/**
 * WHO's peak season of ozone: the mean of the daily maximum 8-hour means over the six consecutive months of the year in
 * which it is highest (WHO global air quality guidelines 2021, table 0.1).
 */
export function peakSeason(
  dailyMaxima: readonly Mean[],
  year: number,
  offset = 0,
):
  | {
      readonly kind: "value";
      readonly from: number;
      readonly value: number;
      readonly valid: number;
      readonly of: number;
    }
  | { readonly kind: "none"; readonly why: Sentence } {
  const byMonth: number[][] = Array.from({ length: 12 }, () => []);
  for (const mean of dailyMaxima) {
    const place = new Date(mean.at + offset * hour);
    if (mean.kind === "value" && place.getUTCFullYear() === year) byMonth[place.getUTCMonth()]!.push(mean.value);
  }
  let peak: { from: number; value: number; valid: number; of: number } | undefined;
  for (let first = 0; first + months <= 12; first++) {
    const values = byMonth.slice(first, first + months).flat();
    const of = (Date.UTC(year, first + months, 1) - Date.UTC(year, first, 1)) / (24 * hour);
    if (values.length < share * of) continue;
    const value = exactSums(values).mean(0, values.length);
    if (!peak || value > peak.value)
      peak = { from: Date.UTC(year, first, 1) - offset * hour, value, valid: values.length, of };
  }
  return peak ? { kind: "value", ...peak } : { kind: "none", why: say("ledger.no-season") };
}

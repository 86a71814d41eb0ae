import { type AirRegion, type Pollutant, type Sentence, say, sayAll } from "@openkerb/contract";
import type { Mean } from "../../air/averages.ts";
import { hour } from "../../air/timestamp.ts";
import type { Channel } from "../../store/reading-queries.ts";
import type { Decisions } from "./decisions.ts";
import type { LawStore } from "./law-store.ts";
import { asMeans, correctionsOf, hourlyMeans, type Measured, rawOf } from "./site-hours.ts";

/** What officers and corrections made of a channel's hours. */
export type Reviewed = {
  /** Stretches that somebody stands for. */
  readonly validations: readonly { readonly from: number; readonly to: number }[];
  /** The hours as they first came, where they are not the ones that count now. */
  readonly before?: { readonly hours: readonly Mean[]; why(from: number, to: number): Sentence };
};

type Span = {
  readonly site: string;
  readonly pollutant: Pollutant;
  readonly region: AirRegion;
  readonly from: number;
  readonly to: number;
};

/** What is known beside the values of the channel that stands for a pollutant. */
export async function reviewOf(
  store: LawStore,
  channels: readonly Channel[],
  { channel, hours, validations }: Measured,
  span: Span,
): Promise<Reviewed> {
  const raw = rawOf(channel, channels);
  if (raw) {
    const before = await hourlyMeans(store, raw, span);
    const inForce: { readonly correction: string; readonly spans: Decisions["corrected"] }[] = [];
    for (const c of correctionsOf(channel, channels)) {
      const { corrected: spans } = await store.decisions(c.id, span.from, span.to);
      inForce.push({ correction: c.correction ?? "", spans });
    }
    const why = (from: number, to: number): Sentence => {
      // A mean of eight hours looks back on seven others.
      const by = inForce.filter(({ spans }) => spans.some((s) => s.from < to && s.to > from - 7 * hour));
      const names = by.length > 0 ? by.map((c) => c.correction) : [channel.correction ?? ""];
      return sayAll(names.map((correction) => say("ledger.corrected", { correction })));
    };
    return { validations, before: { hours: before, why } };
  }
  const { hours: undecided } = await store.decisions(channel.id, span.from, span.to);
  if (undecided.length === 0) return { validations };
  const were = new Map((await asMeans(undecided, channel, span.pollutant, span.region)).map((mean) => [mean.at, mean]));
  const why = (from: number, to: number): Sentence =>
    sayAll([...new Set(undecided.filter((h) => h.from >= from - 7 * hour && h.from < to).map((h) => h.why))]);
  return { validations, before: { hours: hours.map((mean) => were.get(mean.at) ?? mean), why } };
}

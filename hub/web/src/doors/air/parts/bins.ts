import type { AirBin, AirSeries, QualityFlag } from "@openkerb/contract";

type Line = AirSeries["lines"][number];

/** The moments of a chart: whole bins from the first to the last, so that a bin without readings is a gap. */
export function momentsOf(lines: readonly Line[]): { readonly span: number; readonly at: readonly number[] } {
  const bins = lines.flatMap((l) => l.bins);
  const span = bins[0]?.span ?? 0;
  if (span === 0) return { span, at: [] };
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { from } of bins) {
    first = Math.min(first, from);
    last = Math.max(last, from);
  }
  return { span, at: Array.from({ length: Math.round((last - first) / span) + 1 }, (_, i) => first + i * span) };
}

/** The bins of a line laid beside the moments; undefined where there is none. */
export function laidOut({ bins }: Line, at: readonly number[]): (AirBin | undefined)[] {
  const known = new Map(bins.map((bin) => [bin.from as number, bin]));
  return at.map((moment) => known.get(moment));
}

/** What is to be said of a bin: its worst flag; missing when nothing valid is in it. */
export function flagOf(bin: AirBin | undefined): QualityFlag {
  if (!bin) return 9;
  const { flags } = bin;
  if (flags["4"] > 0) return 4;
  if (flags["3"] > 0) return 3;
  if (bin.mean === undefined) return 9;
  return flags["2"] > flags["1"] ? 2 : 1;
}

export type Run = { readonly flag: QualityFlag; readonly from: number; readonly to: number };
/** Neighbouring bins with one flag, as stretches. */
export function runsOf(flags: readonly QualityFlag[], at: readonly number[], span: number): Run[] {
  const runs: { flag: QualityFlag; from: number; to: number }[] = [];
  flags.forEach((flag, i) => {
    const from = at[i] ?? 0;
    const last = runs.at(-1);
    if (last?.flag === flag && last.to === from) last.to = from + span;
    else runs.push({ flag, from, to: from + span });
  });
  return runs;
}

/** Bins whose value is not to be trusted: mostly bad readings, or too little of the time covered. */
export const doubtful = (bin: AirBin | undefined): boolean =>
  bin !== undefined &&
  (bin.flags["4"] > bin.flags["1"] + bin.flags["2"] + bin.flags["3"] || (bin.coverage < 0.75 && bin.span >= 3_600_000));

/** Readings by flag in all of these bins. */
export function counted(bins: readonly (AirBin | undefined)[]): Readonly<Record<"1" | "2" | "3" | "4" | "9", number>> {
  const sum = { "1": 0, "2": 0, "3": 0, "4": 0, "9": 0 };
  for (const bin of bins) if (bin) for (const flag of ["1", "2", "3", "4", "9"] as const) sum[flag] += bin.flags[flag];
  return sum;
}

import { bandOf, type Metric, type QualityFlag } from "@openkerb/contract";

/** Readings of an hour or a day added up; sums of sums are sums, so that hours make days and weeks. */
export type Rollup = {
  n1: number;
  n2: number;
  n3: number;
  n4: number;
  n9: number;
  covered: number;
  total: number;
  side: number;
  least: number | null;
  most: number | null;
};

export const noReadings = (): Rollup => ({
  n1: 0,
  n2: 0,
  n3: 0,
  n4: 0,
  n9: 0,
  covered: 0,
  total: 0,
  side: 0,
  least: null,
  most: null,
});

type Kind = "plain" | "energy" | "direction";
/** Levels are averaged by energy (ISO 1996-1) and directions as arrows; percentiles of levels and the rest plainly. */
const kindOf = (metric: Metric): Kind =>
  metric === "laeq" || metric === "lceq" || bandOf(metric) !== undefined
    ? "energy"
    : metric === "wind-direction"
      ? "direction"
      : "plain";
const radians = Math.PI / 180;

/** Adds one reading. Failed (4) and missing (9) values are counted and nothing more. */
export function addReading(
  to: Rollup,
  metric: Metric,
  { value, quality, averaging }: { value: number; quality: QualityFlag; averaging: number },
): void {
  to[`n${quality}`]++;
  if (quality === 4 || quality === 9) return;
  // A value of a moment weighs next to nothing and covers next to nothing: honest, and still a mean.
  const weight = Math.max(1, averaging);
  to.covered += weight;
  const kind = kindOf(metric);
  if (kind === "direction") {
    to.total += weight * Math.cos(value * radians);
    to.side += weight * Math.sin(value * radians);
  } else to.total += weight * (kind === "energy" ? 10 ** (value / 10) : value);
  to.least = to.least === null ? value : Math.min(to.least, value);
  to.most = to.most === null ? value : Math.max(to.most, value);
}

export function addRollup(to: Rollup, more: Rollup): void {
  for (const key of ["n1", "n2", "n3", "n4", "n9", "covered", "total", "side"] as const) to[key] += more[key];
  if (more.least !== null) to.least = to.least === null ? more.least : Math.min(to.least, more.least);
  if (more.most !== null) to.most = to.most === null ? more.most : Math.max(to.most, more.most);
}

/** A rollup's row with its id in front, as the tables hold it. */
export const rollupRow = (id: number, r: Rollup): (number | null)[] => [
  ...[id, r.n1, r.n2, r.n3, r.n4, r.n9, r.covered, r.total, r.side],
  r.least,
  r.most,
];

/** How many readings there are, whatever their flag. */
export const countOf = (r: Rollup): number => r.n1 + r.n2 + r.n3 + r.n4 + r.n9;

/** The mean of a rollup in the metric's own way; undefined when no valid reading is in it. */
export function meanOf(rollup: Rollup, metric: Metric): number | undefined {
  const { covered, total, side } = rollup;
  if (covered === 0) return undefined;
  switch (kindOf(metric)) {
    case "plain":
      // Fifteen digits came in; what a float sum adds beyond the twelfth is not measured.
      return Number((total / covered).toPrecision(12));
    case "energy":
      return Number((10 * Math.log10(total / covered)).toPrecision(12));
    case "direction":
      return Number(((Math.atan2(side, total) / radians + 360) % 360).toPrecision(12));
  }
}

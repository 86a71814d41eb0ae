/** What speaks for one hour, known when it is forecast; `at` counts hours. */
export type Voices = {
  readonly at: number;
  /** Damped persistence, and what the trees add to it. */
  readonly base: number;
  readonly correction: number;
  /** The value now, and the mean of the last weeks. */
  readonly now: number;
  readonly recent: number;
};

const halfLife = (days: number): number => Math.exp(-Math.LN2 / (24 * days));
/** Weights follow the season, the trust in them follows more slowly. */
const weightsForget = halfLife(60);
const trustForget = halfLife(90);
/** Rows' worth of belief that the trees are right as they are. */
const belief = 300;
const rowsBetweenWeights = 24;
const size = 3;

/**
 * Puts together damped persistence, the trees, plain persistence and the recent level, with weights that are learnt on the
 * way (least squares that forgets, drawn towards the trees alone), because what was learnt in one year is not true in the
 * next: a climate moves, a works closes. How far the result is believed against the trees alone is learnt likewise.
 * Calls come in order of time; what came of a row is used only `horizon` hours later, when it is known.
 */
export function combiner(horizon: number): (voices: Voices, came: number) => number {
  const products = Array.from({ length: size }, () => new Float64Array(size));
  const sums = new Float64Array(size);
  const ordinary = new Float64Array(size);
  let rows = 0;
  let weights: readonly number[] = [1, 0, 0];
  let sinceWeights = 0;
  let [trustSum, trustSquares] = [0, 0];
  const open: {
    readonly due: number;
    readonly z: readonly number[];
    readonly error: number;
    readonly change: number;
  }[] = [];

  const learn = (z: readonly number[], error: number, change: number): void => {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) products[a]![b] = products[a]![b]! * weightsForget + z[a]! * z[b]!;
      sums[a] = sums[a]! * weightsForget + z[a]! * error;
    }
    rows = rows * weightsForget + 1;
    for (let a = 0; a < size; a++) {
      // Days on which all is new must not make the belief in the old way as large as they are themselves.
      const square = ordinary[a]! > 0 ? Math.min(z[a]! ** 2, 9 * ordinary[a]!) : z[a]! ** 2;
      ordinary[a] = ordinary[a]! + (square - ordinary[a]!) / rows;
    }
    trustSum = trustSum * trustForget + change * (error - z[0]!);
    trustSquares = trustSquares * trustForget + change * change;
  };
  const weigh = (): void => {
    const doubt = (a: number) => belief * ordinary[a]! + 1e-9;
    const matrix = products.map((row, a) => Array.from(row, (v, b) => v + (a === b ? doubt(a) : 0)));
    weights = solved(
      matrix,
      Array.from(sums, (v, a) => v + (a === 0 ? doubt(0) : 0)),
    );
  };
  return ({ at, base, correction, now, recent }, came) => {
    while (open[0] !== undefined && open[0].due <= at) {
      const { z, error, change } = open.shift()!;
      learn(z, error, change);
    }
    if (sinceWeights++ % rowsBetweenWeights === 0 && rows > 0) weigh();
    const z = [correction, now - base, recent - base];
    const change = z.reduce((sum, v, a) => sum + v * weights[a]!, 0) - correction;
    const trust = trustSquares > 0 ? Math.min(1, Math.max(0, trustSum / trustSquares)) : 0;
    if (!Number.isNaN(came)) open.push({ due: at + horizon, z, error: came - base, change });
    return base + correction + trust * change;
  };
}

/** Gaussian elimination; the matrix is positive definite. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < size; i++)
    for (let j = i + 1; j < size; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= size; k++) rows[j]![k] = rows[j]![k]! - factor * rows[i]![k]!;
    }
  const out = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = rows[i]![size]!;
    for (let k = i + 1; k < size; k++) rest -= rows[i]![k]! * out[k]!;
    out[i] = rest / rows[i]![i]!;
  }
  return out;
}

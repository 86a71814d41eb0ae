/** Columns of numbers, one Float64Array each; NaN is a missing value and is a class of its own. */
export type Columns = readonly Float64Array[];

export type Boosting = {
  readonly trees: number;
  readonly rate: number;
  readonly depth: number;
  /** Rows a leaf needs, and rows' worth of doubt that pulls a small leaf towards nothing. */
  readonly leaf: number;
  readonly doubt: number;
  /** Share of rows and of columns that each tree looks at. */
  readonly rows: number;
  readonly columns: number;
};

export const usualBoosting: Boosting = {
  trees: 130,
  rate: 0.07,
  depth: 5,
  leaf: 40,
  doubt: 30,
  rows: 0.5,
  columns: 0.4,
};

const bins = 64;
const missing = bins - 1;

/** Values sorted into at most 63 classes of equal size; the same cuts are used for learning and for forecasting. */
export type Cuts = readonly Float64Array[];

export function cutsOf(columns: Columns): Cuts {
  return columns.map((column) => {
    const sorted = column.filter((v) => !Number.isNaN(v)).sort();
    const cuts = new Set<number>();
    for (let b = 1; b < missing; b++)
      if (sorted.length > 0) cuts.add(sorted[Math.floor((b / missing) * sorted.length)]!);
    return Float64Array.from(cuts).sort();
  });
}

export function binned(columns: Columns, cuts: Cuts): Uint8Array[] {
  return columns.map((column, c) => {
    const edges = cuts[c]!;
    const out = new Uint8Array(column.length);
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      let [low, high] = [0, edges.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (edges[middle]! <= value) low = middle + 1;
        else high = middle;
      }
      out[i] = Number.isNaN(value) ? missing : low;
    }
    return out;
  });
}

/** One tree of a full depth: for every inner node a column and the last class that goes left; -1 ends early. */
export type Tree = {
  readonly column: Int16Array;
  readonly upTo: Uint8Array;
  readonly missingLeft: Uint8Array;
  readonly leaf: Float64Array;
};

/** Repeatable chance for sampling: the same data always give the same model. */
function sampler(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

function leafOf(tree: Tree, classes: readonly Uint8Array[], row: number): number {
  const inner = tree.column.length;
  let node = 0;
  while (node < inner) {
    const column = tree.column[node]!;
    let left = true;
    if (column >= 0) {
      const c = classes[column]![row]!;
      left = c === missing ? tree.missingLeft[node] === 1 : c <= tree.upTo[node]!;
    }
    node = 2 * node + (left ? 1 : 2);
  }
  return node - inner;
}

function grow(
  classes: readonly Uint8Array[],
  residual: Float64Array,
  rows: Int32Array,
  columns: readonly number[],
  { depth, leaf, doubt, rate }: Boosting,
): Tree {
  const inner = 2 ** depth - 1;
  const tree: Tree = {
    column: new Int16Array(inner).fill(-1),
    upTo: new Uint8Array(inner),
    missingLeft: new Uint8Array(inner),
    leaf: new Float64Array(2 ** depth),
  };
  const at = new Int32Array(rows.length);
  const own = Float64Array.from(rows, (row) => residual[row]!);
  const gain = (sum: number, count: number) => (sum * sum) / (count + doubt);
  for (let level = 0; level < depth; level++) {
    const width = 2 ** level;
    const first = width - 1;
    const sums = new Float64Array(width * bins);
    const counts = new Float64Array(width * bins);
    const best = new Float64Array(width).fill(1e-9);
    for (const column of columns) {
      sums.fill(0);
      counts.fill(0);
      const of = classes[column]!;
      for (let i = 0; i < rows.length; i++) {
        const cell = at[i]! * bins + of[rows[i]!]!;
        sums[cell] = sums[cell]! + own[i]!;
        counts[cell] = counts[cell]! + 1;
      }
      for (let node = 0; node < width; node++) {
        const from = node * bins;
        let [sum, count] = [0, 0];
        for (let b = 0; b < bins; b++) {
          sum += sums[from + b]!;
          count += counts[from + b]!;
        }
        if (count < 2 * leaf) continue;
        const whole = gain(sum, count);
        const [lost, lostCount] = [sums[from + missing]!, counts[from + missing]!];
        let [left, leftCount] = [0, 0];
        for (let b = 0; b < missing; b++) {
          if (counts[from + b] === 0) continue;
          left += sums[from + b]!;
          leftCount += counts[from + b]!;
          for (const missingLeft of lostCount > 0 ? [0, 1] : [0]) {
            const [s, c] = [left + missingLeft * lost, leftCount + missingLeft * lostCount];
            if (c < leaf || count - c < leaf) continue;
            const better = gain(s, c) + gain(sum - s, count - c) - whole;
            if (better <= best[node]!) continue;
            best[node] = better;
            tree.column[first + node] = column;
            tree.upTo[first + node] = b;
            tree.missingLeft[first + node] = missingLeft;
          }
        }
      }
    }
    for (let i = 0; i < rows.length; i++) {
      const node = first + at[i]!;
      const column = tree.column[node]!;
      let left = true;
      if (column >= 0) {
        const c = classes[column]![rows[i]!]!;
        left = c === missing ? tree.missingLeft[node] === 1 : c <= tree.upTo[node]!;
      }
      at[i] = 2 * at[i]! + (left ? 0 : 1);
    }
  }
  const counts = new Float64Array(tree.leaf.length);
  for (let i = 0; i < rows.length; i++) {
    tree.leaf[at[i]!] = tree.leaf[at[i]!]! + residual[rows[i]!]!;
    counts[at[i]!] = counts[at[i]!]! + 1;
  }
  for (let l = 0; l < counts.length; l++) tree.leaf[l] = (rate * tree.leaf[l]!) / (counts[l]! + doubt);
  return tree;
}

/** Trees that were grown, and the squared error on rows kept apart after each of them. */
export type Boosted = { readonly trees: readonly Tree[]; readonly course: Float64Array };

/**
 * Gradient boosting for squared error (Friedman 2001) on classes of values. Learns `wanted` on the rows `learn`; the rows
 * `watch` are never learnt from and only show how the error goes on.
 */
export function boost(
  classes: readonly Uint8Array[],
  wanted: Float64Array,
  learn: Int32Array,
  watch: Int32Array,
  options: Boosting = usualBoosting,
  seed = 1,
): Boosted {
  const random = sampler(seed);
  const residual = Float64Array.from(wanted);
  const trees: Tree[] = [];
  const course = new Float64Array(options.trees);
  for (let t = 0; t < options.trees; t++) {
    const rows = learn.filter(() => random() < options.rows);
    const columns = classes.flatMap((_, c) => (random() < options.columns ? [c] : []));
    const tree = grow(classes, residual, rows, columns.length > 0 ? columns : [0], options);
    trees.push(tree);
    for (const part of [learn, watch])
      for (const row of part) residual[row] = residual[row]! - tree.leaf[leafOf(tree, classes, row)]!;
    let square = 0;
    for (const row of watch) square += residual[row]! ** 2;
    course[t] = square / Math.max(1, watch.length);
  }
  return { trees, course };
}

/** Adds up the trees' answers for each of `count` rows. */
export function answersOf(trees: readonly Tree[], classes: readonly Uint8Array[], count: number): Float64Array {
  const out = new Float64Array(count);
  for (const tree of trees)
    for (let row = 0; row < count; row++) out[row] = out[row]! + tree.leaf[leafOf(tree, classes, row)]!;
  return out;
}

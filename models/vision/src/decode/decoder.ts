import type { Size } from "../fit.ts";
import type { Candidate } from "../nms.ts";

/** One output of a network after a run. Whole-number outputs are given as floats too. */
export type Output = { readonly dims: readonly number[]; readonly data: Float32Array };

/** What is known of an output before a run; -1 where a dimension depends on the input. */
export type OutputShape = { readonly name: string; readonly dims: readonly number[] };

export type Reading = {
  /** Size of the network's input, pixels. */
  readonly input: Size;
  readonly classes: number;
  /** Candidates below this score are left out. */
  readonly threshold: number;
};

/** Reads the raw outputs of one family of networks. Pure. */
export type Decoder = {
  /** What the outputs must look like, for people: names are never looked at. */
  readonly expects: string;
  /** Whether boxes of one object come several times, so that the weaker ones have to be suppressed. */
  readonly suppress: boolean;
  /**
   * Which output is which: their places in the order `read` wants them, or nothing when these shapes are not of this
   * family. -1 in a shape fits anything.
   */
  match(shapes: readonly (readonly number[])[], reading: Pick<Reading, "input" | "classes">): number[] | undefined;
  read(outputs: readonly Output[], reading: Reading): Candidate[];
};

/** Whether a shape fits a pattern; -1 on either side fits anything. */
export const fits = (dims: readonly number[], pattern: readonly number[]): boolean =>
  dims.length === pattern.length && dims.every((size, i) => size < 0 || pattern[i]! < 0 || size === pattern[i]);

/** Places of the outputs that fit the patterns, one output a pattern; nothing when a pattern finds none. */
export function place(
  shapes: readonly (readonly number[])[],
  patterns: readonly (readonly number[])[],
): number[] | undefined {
  const assign = (pattern: number, taken: readonly number[]): number[] | undefined => {
    if (pattern === patterns.length) return [...taken];
    for (const [at, dims] of shapes.entries()) {
      if (taken.includes(at) || !fits(dims, patterns[pattern]!)) continue;
      const rest = assign(pattern + 1, [...taken, at]);
      if (rest) return rest;
    }
    return undefined;
  };
  return assign(0, []);
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

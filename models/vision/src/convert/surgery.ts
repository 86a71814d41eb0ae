import { Trouble } from "@openkerb/contract";
import type { TfGraph } from "../tfjs/graph.ts";
import { keepLast, type Weights } from "../tfjs/weights.ts";

/** The same graph with other constants. */
export function withWeights(graph: TfGraph, changed: Readonly<Record<string, Weights>>): TfGraph {
  return { nodes: graph.nodes, weights: new Map([...graph.weights, ...Object.entries(changed)]) };
}

export function weightsOf(graph: TfGraph, name: string): Weights {
  const found = graph.weights.get(name);
  if (!found) throw new Trouble(`The graph has no constant ${name}.`);
  return found;
}

/** Keeps only the given output channels of a convolution: its kernel and its bias are the constants named. */
export const keepChannels = (graph: TfGraph, constants: readonly string[], keep: readonly number[]): TfGraph =>
  withWeights(graph, Object.fromEntries(constants.map((name) => [name, keepLast(weightsOf(graph, name), keep)])));

import { z } from "zod";
import type { Metric } from "../reading.ts";

/**
 * Words that the hub says to people. On the wire a plain string; in code only `say` and what follows from it make one, so
 * that no sentence is composed that the screens cannot say in their other languages.
 */
export const Sentence = z.string().brand<"Sentence">();
export type Sentence = z.infer<typeof Sentence>;

/** What may be filled into a template, by the word behind the colon. */
type Kinds = {
  /** A name or a text of somebody's own, which is the same in every language. Behind it stands a word of the template. */
  readonly name: string;
  /** A number with its unit. */
  readonly amount: string;
  /** Words of this catalogue. */
  readonly words: Sentence;
  /** Several of them, with commas. */
  readonly list: readonly Sentence[];
  /** What is measured, by its code. */
  readonly metric: Metric;
  readonly metrics: readonly Metric[];
};
/** Without a colon: a number, a day, an id; whatever holds no space. */
type Plain = string | number;

type Slot<T extends string> = T extends `${string}{${infer S}}${infer Rest}` ? S | Slot<Rest> : never;
type NameOf<S extends string> = S extends `${infer Name}:${string}` ? Name : S;
type KindOf<S extends string> = S extends `${string}:${infer Kind}`
  ? Kind extends keyof Kinds
    ? Kinds[Kind]
    : never
  : Plain;

/** The figures of a template, by name. */
export type FiguresOf<T extends string> = { readonly [S in Slot<T> as NameOf<S>]: KindOf<S> };
/** The names of a template's figures: a translation has exactly the same. */
export type NamesOf<T extends string> = NameOf<Slot<T>>;

/** A template taken apart: texts, and between them the figures. */
export type Piece = string | { readonly name: string; readonly kind: keyof Kinds | "plain" };

const slot = /\{(\w+)(?::(\w+))?\}/g;

/** Takes a template apart. @throws when a kind of figure is not known. */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: whole, 1: name = "", 2: kind = "plain", index } of template.matchAll(slot)) {
    if (!/^(plain|name|amount|words|list|metrics?)$/.test(kind)) throw new Error(`no figure is of the kind ${kind}`);
    if (index > from) pieces.push(template.slice(from, index));
    pieces.push({ name, kind: kind as keyof Kinds });
    from = index + whole.length;
  }
  if (from < template.length) pieces.push(template.slice(from));
  return pieces;
}

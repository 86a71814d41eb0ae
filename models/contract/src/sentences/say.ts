import { type SentenceId, sentences } from "./catalogue.ts";
import { type FiguresOf, type Piece, piecesOf, type Sentence } from "./sentence.ts";

type Given<Id extends SentenceId> = keyof FiguresOf<(typeof sentences)[Id]> extends never
  ? []
  : [figures: FiguresOf<(typeof sentences)[Id]>];

const known = new Map<SentenceId, readonly Piece[]>();

/** A sentence of the catalogue with its figures filled in: the only way to put something into words for people. */
export function say<Id extends SentenceId>(id: Id, ...given: Given<Id>): Sentence {
  let pieces = known.get(id);
  if (!pieces) {
    pieces = piecesOf(sentences[id]);
    known.set(id, pieces);
  }
  const figures = (given[0] ?? {}) as Readonly<Record<string, unknown>>;
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      const figure = figures[piece.name];
      return Array.isArray(figure) ? figure.join(", ") : String(figure);
    })
    .join("") as Sentence;
}

/** Words that somebody else wrote or that were said before: a reason of an officer, a line read back from the store. */
export const asWritten = (text: string): Sentence => text as Sentence;

/** Several sentences as one. */
export const sayAll = (said: readonly Sentence[], between: "; " | ", " = "; "): Sentence =>
  said.join(between) as Sentence;

/** Words as a sentence of their own, with a capital and a full stop. */
export const asSentence = (said: Sentence): Sentence =>
  `${said.charAt(0).toUpperCase()}${said.slice(1)}${said.endsWith(".") ? "" : "."}` as Sentence;

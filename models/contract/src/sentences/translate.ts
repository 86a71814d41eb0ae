import { Metric } from "../reading.ts";
import { type SentenceId, sentences } from "./catalogue.ts";
import { type NamesOf, type Piece, piecesOf } from "./sentence.ts";

/** The same sentences in another language. */
export type Translation = Readonly<Record<SentenceId, string>>;
/** A catalogue is a translation when every sentence is in it with the same figures: what is not becomes `never`. */
export type SameFigures<T extends Translation> = {
  readonly [Id in SentenceId]: [NamesOf<T[Id]>, NamesOf<(typeof sentences)[Id]>] extends [
    NamesOf<(typeof sentences)[Id]>,
    NamesOf<T[Id]>,
  ]
    ? T[Id]
    : never;
};

/** Another language: its sentences, and how it strings words together. */
export type Tongue = {
  readonly sentences: Translation;
  readonly metric: (metric: Metric) => string;
  /** Between the items of a list, and between words that were joined by a comma or a semicolon. */
  readonly comma: string;
  readonly clause: string;
  readonly semicolon: string;
  readonly stop: string;
};

/** Figures known from elsewhere, by name: the name of the place a sentence is about, which may hold any word. */
export type KnownFigures = Readonly<Record<string, string>>;

type Pattern = { readonly id: SentenceId; readonly pieces: readonly Piece[]; readonly pattern: RegExp };

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
const metric = `(?:${[...Metric.options]
  .sort((a, b) => b.length - a.length)
  .map(escaped)
  .join("|")})`;
const anything = "[\\s\\S]+?";
const shapes = {
  plain: "\\S+",
  name: anything,
  amount: "-?\\d[\\d.]*(?:°| [^\\s\\d]\\S*)?",
  words: anything,
  list: anything,
  metric,
  metrics: `${metric}(?:, ${metric})*`,
};

/** What a sentence looks like once its figures are filled in. */
function patternOf(pieces: readonly Piece[], known: KnownFigures = {}): RegExp {
  const source = pieces.map((piece) => {
    if (typeof piece === "string") return escaped(piece);
    const figure = known[piece.name];
    return `(${figure === undefined ? shapes[piece.kind] : escaped(figure)})`;
  });
  return new RegExp(`^${source.join("")}$`);
}

const literal = (pieces: readonly Piece[]): number =>
  pieces.reduce((n, piece) => n + (typeof piece === "string" ? piece.length : 0), 0);

let made: readonly Pattern[] | undefined;
/** Every sentence, the one that says most by itself first: what is left for names to swallow is then the least. */
function patterns(): readonly Pattern[] {
  made ??= (Object.entries(sentences) as [SentenceId, string][])
    .map(([id, template]) => ({ id, pieces: piecesOf(template) }))
    .sort((a, b) => literal(b.pieces) - literal(a.pieces))
    .map(({ id, pieces }) => ({ id, pieces, pattern: patternOf(pieces) }));
  return made;
}

/** Nothing that the hub says is longer; what is would only be held against every pattern in vain. */
const longest = 2000;

/**
 * What the hub said, in another language: the sentences are found by the same templates they were composed with.
 * `undefined` when it is nothing of the catalogue, or only a part of it is.
 */
export function translate(text: string, tongue: Tongue, known?: KnownFigures): string | undefined {
  if (text.length > longest) return undefined;
  const plain = wordsIn(text, tongue, known);
  if (plain !== undefined || !text.endsWith(".")) return plain;
  // `asSentence` made a sentence of its own of it.
  const before = `${text.charAt(0).toLowerCase()}${text.slice(1, -1)}`;
  const words = wordsIn(before, tongue, known) ?? wordsIn(text.slice(0, -1), tongue, known);
  return words === undefined ? undefined : `${words}${tongue.stop}`;
}

const wordsIn = (text: string, tongue: Tongue, known: KnownFigures | undefined): string | undefined =>
  whole(text, tongue, known) ??
  joined(text.split("; "), "; ", tongue.semicolon, (one) => whole(one, tongue, known)) ??
  joined(text.split(", "), ", ", tongue.clause, (one) => whole(one, tongue, known));

function whole(text: string, tongue: Tongue, known: KnownFigures | undefined): string | undefined {
  for (const { id, pieces, pattern } of patterns()) {
    const first = pattern.exec(text);
    if (!first) continue;
    const found = (known && patternOf(pieces, known).exec(text)) ?? first;
    const figures = new Map<string, string>();
    let at = 1;
    for (const piece of pieces) {
      if (typeof piece === "string") continue;
      const said = figureIn(found[at++] ?? "", piece.kind, tongue, known);
      if (said === undefined) break;
      figures.set(piece.name, said);
    }
    if (figures.size === at - 1)
      return tongue.sentences[id].replace(/\{(\w+)\}/g, (slot, name: string) => figures.get(name) ?? slot);
  }
  return undefined;
}

function figureIn(
  text: string,
  kind: Exclude<Piece, string>["kind"],
  tongue: Tongue,
  known: KnownFigures | undefined,
): string | undefined {
  switch (kind) {
    case "plain":
    case "name":
    case "amount":
      return text;
    case "words":
      return wordsIn(text, tongue, known);
    case "list":
      return joined(text.split(", "), ", ", tongue.comma, (one) => whole(one, tongue, known));
    case "metric":
    case "metrics":
      return text
        .split(", ")
        .map((one) => tongue.metric(one as Metric))
        .join(tongue.comma);
    default:
      return kind satisfies never;
  }
}

/** Parts that were joined, each of which must be known; a sentence may itself hold what they were joined with. */
function joined(
  parts: readonly string[],
  by: string,
  between: string,
  read: (text: string) => string | undefined,
): string | undefined {
  for (let n = parts.length; n > 0; n--) {
    const head = read(parts.slice(0, n).join(by));
    if (head === undefined) continue;
    if (n === parts.length) return head;
    const rest = joined(parts.slice(n), by, between, read);
    if (rest !== undefined) return `${head}${between}${rest}`;
  }
  return undefined;
}

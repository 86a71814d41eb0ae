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

/** Nothing that the hub says is longer, nor stands deeper in another sentence, nor holds more commas by itself. */
const longest = 1500;
const deepest = 6;
const mostCommas = 6;

/**
 * What the hub said, in another language: the sentences are found by the same templates they were composed with.
 * `undefined` when it is nothing of the catalogue, or only a part of it is.
 */
export function translate(text: string, tongue: Tongue, figures: KnownFigures = {}): string | undefined {
  if (text.length > longest) return undefined;
  const read = reader(tongue, figures);
  if (!text.endsWith(".")) return read.words(text);
  // `asSentence` may have made a sentence of its own of it.
  const before = text.slice(0, -1);
  const small = `${before.charAt(0).toLowerCase()}${before.slice(1)}`;
  const one = read.whole([small, before, text]);
  if (one !== undefined) return one;
  const several = read.words(small);
  return several === undefined ? undefined : `${several}${tongue.stop}`;
}

/** Reads words, and words within words; what was found not to be a sentence is not tried again. */
function reader(tongue: Tongue, known: KnownFigures) {
  const seen = new Map<string, string | undefined>();
  let depth = 0;

  const words = (text: string): string | undefined => {
    if (seen.has(text) || depth > deepest) return seen.get(text);
    depth++;
    const said =
      whole([text]) ??
      joined(text.split("; "), "; ", tongue.semicolon) ??
      joined(text.split(", "), ", ", tongue.clause);
    depth--;
    seen.set(text, said);
    return said;
  };

  /** The sentence that says most by itself and fits; of several writings of a text the last is that with its full stop. */
  const whole = (texts: readonly string[]): string | undefined => {
    for (const { id, pieces, pattern } of patterns())
      for (const [i, text] of texts.entries()) {
        const first = pattern.exec(text);
        if (!first) continue;
        const found = (Object.keys(known).length > 0 && patternOf(pieces, known).exec(text)) || first;
        const figures = figuresIn(pieces, found.slice(1));
        if (!figures) continue;
        const said = tongue.sentences[id].replace(/\{(\w+)\}/g, (slot, name: string) => figures.get(name) ?? slot);
        return i < texts.length - 1 ? `${said}${tongue.stop}` : said;
      }
    return undefined;
  };

  /** The figures of a sentence by name; nothing when one of them is not known. */
  const figuresIn = (pieces: readonly Piece[], found: readonly string[]): Map<string, string> | undefined => {
    const figures = new Map<string, string>();
    const slots = pieces.filter((piece) => typeof piece !== "string");
    for (const [i, { name, kind }] of slots.entries()) {
      const said = figureIn(found[i] ?? "", kind);
      if (said === undefined) return undefined;
      figures.set(name, said);
    }
    return figures;
  };

  const figureIn = (text: string, kind: Exclude<Piece, string>["kind"]): string | undefined => {
    switch (kind) {
      case "plain":
      case "name":
      case "amount":
        return text;
      case "words":
        return words(text);
      case "list":
        return whole([text]) ?? joined(text.split(", "), ", ", tongue.comma);
      case "metric":
      case "metrics":
        return text
          .split(", ")
          .map((one) => tongue.metric(one as Metric))
          .join(tongue.comma);
      default:
        return kind satisfies never;
    }
  };

  /** Sentences that were joined, each of which must be known; one may itself hold what they were joined with. */
  const joined = (parts: readonly string[], by: string, between: string): string | undefined => {
    for (let n = Math.min(mostCommas, parts.length - 1); n > 0; n--) {
      const head = whole([parts.slice(0, n).join(by)]);
      if (head === undefined) continue;
      const left = parts.slice(n);
      const rest = (left.length <= mostCommas ? whole([left.join(by)]) : undefined) ?? joined(left, by, between);
      if (rest !== undefined) return `${head}${between}${rest}`;
    }
    return undefined;
  };

  return { words, whole };
}

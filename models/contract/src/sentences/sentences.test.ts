import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Metric } from "../reading.ts";
import { type SentenceId, sentences } from "./catalogue.ts";
import { asSentence, asWritten, say, sayAll } from "./say.ts";
import { piecesOf } from "./sentence.ts";
import { type Tongue, type Translation, translate } from "./translate.ts";

const ids = Object.keys(sentences) as SentenceId[];
const figuresOf = (id: SentenceId) => piecesOf(sentences[id]).filter((piece) => typeof piece !== "string");
const literalOf = (id: SentenceId) => sentences[id].replace(/\{[^}]*\}/g, "");
/** Any sentence by its id, for tests that go through all of them. */
const sayAny = say as (id: SentenceId, figures: Record<string, unknown>) => ReturnType<typeof say>;

/** A language that names the sentence and its figures instead of saying it. */
const naming: Tongue = {
  sentences: Object.fromEntries(
    ids.map((id) => [id, `<${[id, ...figuresOf(id).map(({ name }) => `${name}={${name}}`)].join(" ")}>`]),
  ) as Translation,
  metric: (metric) => `[${metric}]`,
  comma: "|",
  clause: ",",
  semicolon: ";",
  stop: "!",
};

type Filled = { readonly value: unknown; readonly said: string };
const same = (value: string | number): Filled => ({ value, said: String(value) });
const hours = say("index.hours", { valid: 3, of: 8, needed: 6 });
const of = {
  plain: fc.oneof(fc.integer(), fc.constantFrom("0.85", "1,200", "2026-03-01", "barkjohn-2021@1", "08:00")).map(same),
  name: fc.constantFrom("Mill Road", "A 1", "Camera 2", "Platz der Vögel, Nord", "u (x)", "河西").map(same),
  amount: fc.constantFrom("84 µg/m³", "-3 °C", "0.5", "270°", "99 %").map(same),
  metric: fc.constantFrom(...Metric.options).map((value): Filled => ({ value, said: `[${value}]` })),
  metrics: fc
    .uniqueArray(fc.constantFrom(...Metric.options), { minLength: 1, maxLength: 4 })
    .map((value): Filled => ({ value, said: value.map((m) => `[${m}]`).join("|") })),
  words: fc.constantFrom<Filled>(
    { value: say("held.weekday"), said: "<held.weekday>" },
    { value: hours, said: "<index.hours valid=3 of=8 needed=6>" },
    { value: say("nowcast.no-hour"), said: "<nowcast.no-hour>" },
  ),
  list: fc.constant<Filled>({
    value: [say("held.hour"), say("held.weekday"), say("held.temperature")],
    said: "<held.hour>|<held.weekday>|<held.temperature>",
  }),
};
const filled = (id: SentenceId): fc.Arbitrary<Record<string, Filled>> =>
  fc.record(Object.fromEntries(figuresOf(id).map(({ name, kind }) => [name, of[kind]])));

describe("sentences", () => {
  it("are found again with all their figures, whatever the figures are", () => {
    for (const id of ids)
      fc.assert(
        fc.property(filled(id), (figures) => {
          const text = sayAny(id, Object.fromEntries(Object.entries(figures).map(([k, v]) => [k, v.value])));
          const said = figuresOf(id).map(({ name }) => `${name}=${figures[name]?.said}`);
          expect(translate(text, naming)).toBe(`<${[id, ...said].join(" ")}>`);
        }),
        { numRuns: 20 },
      );
  });

  it("each say something by themselves, and name each figure once", () => {
    for (const id of ids) {
      const figures = figuresOf(id);
      expect(new Set(figures.map(({ name }) => name)).size, id).toBe(figures.length);
      // What is nothing but figures would be found in every text.
      const safe = /\p{L}/u.test(literalOf(id)) || (figures.length > 0 && figures.some(({ kind }) => kind === "words"));
      expect(safe, id).toBe(true);
    }
    expect(new Set(Object.values(sentences)).size).toBe(ids.length);
  });

  it("end a name with a word of their own, so that it is known where a name of several words ends", () => {
    const open = ids.filter((id) => /:name\}\s*\{/.test(sentences[id]));
    expect(open).toEqual([]);
  });

  it("are known when they were joined, or made sentences of their own", () => {
    const valid = say("ledger.nothing-valid");
    const several = say("ledger.mean-of-years", { years: 3, mean: 4 });
    expect(sayAll([several, valid])).toBe("mean of 3 years: 4; nothing valid was measured");
    expect(translate(sayAll([several, valid]), naming)).toBe(
      "<ledger.mean-of-years years=3 mean=4>;<ledger.nothing-valid>",
    );
    expect(translate(sayAll([valid, valid], ", "), naming)).toBe("<ledger.nothing-valid>,<ledger.nothing-valid>");
    expect(asSentence(valid)).toBe("Nothing valid was measured.");
    expect(translate(asSentence(valid), naming)).toBe("<ledger.nothing-valid>!");
    const refused = say("correction.refused", { colocation: 2, why: sayAll([several, valid]) });
    expect(translate(refused, naming)).toBe(
      "<correction.refused colocation=2 why=<ledger.mean-of-years years=3 mean=4>;<ledger.nothing-valid>>",
    );
    expect(translate(asSentence(sayAll([several, valid])), naming)).toBe(
      "<ledger.mean-of-years years=3 mean=4>;<ledger.nothing-valid>!",
    );
    // One that holds a semicolon itself is not torn apart.
    const season = say("ledger.season-so-far", {
      season: say("ledger.season", { day: "2026-04-01", valid: 9, of: 183 }),
    });
    expect(translate(sayAll([several, season]), naming)).toBe(
      "<ledger.mean-of-years years=3 mean=4>;<ledger.season-so-far season=<ledger.season day=2026-04-01 valid=9 of=183>>",
    );
  });

  it("are not known when only a part of them is", () => {
    const by = say("ledger.decided", { words: asWritten("the stove was lit"), by: "ada" });
    expect(translate(by, naming)).toBeUndefined();
    expect(translate(`${say("ledger.nothing-valid")}; and more`, naming)).toBeUndefined();
    expect(translate("", naming)).toBeUndefined();
    expect(translate(`${"a, ".repeat(400)}b`, naming)).toBeUndefined();
  });

  it("are given up soon in a text that was made to be read in ever so many ways", () => {
    for (const part of [
      "NO2 and ",
      "hour of day, ",
      "mean of 3 years: 4; ",
      " at  was out for ",
      "” at  has said nothing for ",
    ])
      expect(translate(`${part.repeat(Math.floor(1400 / part.length))}x`, naming)).toBeUndefined();
  });

  it("know where a name ends that holds the word behind it, when the name is known", () => {
    const span = say("many.minute", { n: 4 });
    const text = say("camera.over", { camera: "Camera at gate", site: "Mill Road", span });
    const told = (camera: string, site: string) => `<camera.over camera=${camera} site=${site} span=<many.minute n=4>>`;
    expect(translate(text, naming, { site: "Mill Road" })).toBe(told("Camera at gate", "Mill Road"));
    expect(translate(text, naming, { site: "another" })).toBe(told("Camera", "gate at Mill Road"));
  });
});

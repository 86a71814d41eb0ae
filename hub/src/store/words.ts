import type { Database } from "./database.ts";

/** Names kept once: a row holds the number of a word. What a lost transaction learned must be forgotten with it. */
export type Words = {
  number(text: string): number;
  text(number: number): string;
  forget(): void;
};

/** Words are remembered up to this many, each way. */
const remembered = 100_000;

export function words(database: Database): Words {
  const find = database.prepare<[string], number>("SELECT id FROM words WHERE text = ?").pluck();
  const read = database.prepare<[number], string>("SELECT text FROM words WHERE id = ?").pluck();
  // A connection that only reads never adds, so that this statement is made when it is first needed.
  const insert = () => database.prepare<[string]>("INSERT INTO words (text) VALUES (?)");
  let add: ReturnType<typeof insert> | undefined;
  const numbers = new Map<string, number>();
  const texts = new Map<number, string>();
  return {
    number(text) {
      const cached = numbers.get(text);
      if (cached !== undefined) return cached;
      add ??= insert();
      const number = find.get(text) ?? Number(add.run(text).lastInsertRowid);
      if (numbers.size >= remembered) numbers.clear();
      numbers.set(text, number);
      return number;
    },
    text(number) {
      const cached = texts.get(number);
      if (cached !== undefined) return cached;
      const text = read.get(number);
      if (text === undefined) throw new Error(`no word has the number ${number}`);
      if (texts.size >= remembered) texts.clear();
      texts.set(number, text);
      return text;
    },
    forget() {
      numbers.clear();
      texts.clear();
    },
  };
}

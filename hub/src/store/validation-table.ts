import type { Instant, Validation } from "@openkerb/contract";
import type { Database } from "./database.ts";

/** An officer stands for the values of a channel in that time, until it is withdrawn. */
export type StoredValidation = Validation & {
  readonly id: number;
  readonly by: string;
  readonly at: Instant;
  readonly withdrawn?: Instant;
};
type Row = Pick<StoredValidation, "id" | "channel" | "reason" | "by" | "at"> & {
  start: Instant;
  stop: Instant;
  withdrawn: Instant | null;
};

export type ValidationTable = {
  add(validation: Validation, by: string, at: Instant): void;
  withdraw(id: number, at: Instant): void;
  of(id: number): StoredValidation | undefined;
  /** Newest first; of one channel or of all. */
  list(channel?: number): StoredValidation[];
};

export function validationTable(database: Database): ValidationTable {
  const add = database.prepare(
    "INSERT INTO validations (channel, start, stop, reason, by, at) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const withdraw = database.prepare<[number, number]>("UPDATE validations SET withdrawn = ? WHERE id = ?");
  const one = database.prepare<[number], Row>("SELECT * FROM validations WHERE id = ?");
  const all = database.prepare<[number | null, number | null], Row>(
    "SELECT * FROM validations WHERE ? IS NULL OR channel = ? ORDER BY id DESC LIMIT 1000",
  );
  const made = ({ start, stop, withdrawn, ...row }: Row): StoredValidation => ({
    ...row,
    from: start,
    to: stop,
    ...(withdrawn !== null && { withdrawn }),
  });
  return {
    add: ({ channel, from, to, reason }, by, at) => void add.run(channel, from, to, reason, by, at),
    withdraw: (id, at) => void withdraw.run(at, id),
    of(id) {
      const row = one.get(id);
      return row && made(row);
    },
    list: (channel) => all.all(channel ?? null, channel ?? null).map(made),
  };
}

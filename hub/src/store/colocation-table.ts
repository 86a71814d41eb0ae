import type { Colocation } from "@openkerb/contract";
import type { Pair } from "../air/colocation/pairs.ts";
import type { Database } from "./database.ts";

type Body = Omit<Colocation, "id" | "sensor" | "reference"> & {
  /** How a table that was sent is called; absent when the reference is a channel. */
  readonly table?: string;
};
/** A colocation as it was made; channels by number. */
export type StoredColocation = Body & { readonly id: number; readonly sensor: number; readonly reference?: number };
type Row = { id: number; sensor: number; reference: number | null; body: string };

export type ColocationTable = {
  add(made: Omit<StoredColocation, "id">, pairs: readonly Pair[]): number;
  of(id: number): StoredColocation | undefined;
  pairs(id: number): Pair[];
  /** Newest first; of one sensor's channel or of all. */
  list(sensor?: number): StoredColocation[];
};

export function colocationTable(database: Database): ColocationTable {
  const add = database.prepare<[number, number | null, string, Buffer]>(
    "INSERT INTO colocations (sensor, reference, body, pairs) VALUES (?, ?, ?, ?)",
  );
  const columns = "id, sensor, reference, body";
  const one = database.prepare<[number], Row>(`SELECT ${columns} FROM colocations WHERE id = ?`);
  const pairs = database.prepare<[number], Buffer>("SELECT pairs FROM colocations WHERE id = ?").pluck();
  const all = database.prepare<[number | null, number | null], Row>(
    `SELECT ${columns} FROM colocations WHERE ? IS NULL OR sensor = ? ORDER BY id DESC LIMIT 1000`,
  );
  const made = ({ id, sensor, reference, body }: Row): StoredColocation => ({
    ...(JSON.parse(body) as Body),
    id,
    sensor,
    ...(reference !== null && { reference }),
  });
  return {
    add({ sensor, reference, ...body }, found) {
      const numbers = Float64Array.from(found.flatMap((p) => [p.at, p.sensor, p.reference]));
      return Number(
        add.run(sensor, reference ?? null, JSON.stringify(body), Buffer.from(numbers.buffer)).lastInsertRowid,
      );
    },
    of(id) {
      const row = one.get(id);
      return row && made(row);
    },
    pairs(id) {
      const bytes = pairs.get(id) ?? Buffer.alloc(0);
      return Array.from({ length: bytes.length / 24 }, (_, i) => ({
        at: bytes.readDoubleLE(24 * i),
        sensor: bytes.readDoubleLE(24 * i + 8),
        reference: bytes.readDoubleLE(24 * i + 16),
      }));
    },
    list: (sensor) => all.all(sensor ?? null, sensor ?? null).map(made),
  };
}

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { aggregate } from "../../air/qartod/aggregate.ts";
import type { Flags, Series } from "../../air/qartod/series.ts";
import { qualityTestName, qualityTests } from "../../air/qartod/tests.ts";
import { csvLine, inputOf, isMissing, numberIn, readCsv, write } from "./csv.ts";
import { timeIn, timeNames } from "./series.ts";

export const help = `openkerb air qc --tests tests.json < series.csv

Reads time,value (and z, where a test looks at depth; further columns for neighbours, a second channel or a reference)
and writes the same rows with one flag column for each test and the aggregate: 1 good, 2 not evaluated, 3 suspect,
4 fail, 9 missing. tests.json names the tests and their arguments as ioos_qc does:

  {"gross_range_test": {"fail_span": [0, 1000], "suspect_span": [0, 500]},
   "spike_test": {"suspect_threshold": 50, "fail_threshold": 200, "method": "differential"},
   "flat_line_test": {"suspect_threshold": 10800, "fail_threshold": 21600, "tolerance": 0.1}}

Tests: ${Object.keys(qualityTests).join(", ")}.
The file may also be a list of {"test": name, "args": {...}}, for the same test more than once.`;

const where = "standard input";
type Named = { readonly label: string; readonly run: (series: Series) => Flags };

/** The tests of the file, each ready to run; a mistake is named with its test and argument. */
function testsIn(json: unknown, file: string): Named[] {
  const entries: [string, unknown][] = Array.isArray(json)
    ? json.map((one: { test?: string; fn?: string; name?: string; args?: unknown }) => [
        String(one?.test ?? one?.fn ?? one?.name),
        one?.args,
      ])
    : typeof json === "object" && json !== null
      ? Object.entries("qartod" in json ? (json.qartod as object) : json)
      : [];
  if (entries.length === 0) throw new Trouble(`${file} names no test.`, 'Write {"gross_range_test": {...}}.');
  const labels = new Map<string, number>();
  return entries
    .filter(([name]) => name !== "aggregate")
    .map(([name, args]) => {
      const known = qualityTestName(name);
      if (!known)
        throw new Trouble(`${file}: there is no test "${name}".`, `There are ${Object.keys(qualityTests).join(", ")}.`);
      // A recorded call carries the series as arguments too; here it comes from the input.
      const { inp: _inp, tinp: _tinp, zinp: _zinp, ...own } = (args ?? {}) as Record<string, unknown>;
      const parsed = qualityTests[known].safeParse(own);
      if (!parsed.success) {
        const { path, message } = parsed.error.issues[0]!;
        throw new Trouble(`${file}: ${name}${path.length === 0 ? "" : `, ${path.join(".")}`}: ${message}`);
      }
      const before = labels.get(name) ?? 0;
      labels.set(name, before + 1);
      return { label: before === 0 ? name : `${name}_${before + 1}`, run: parsed.data };
    });
}

export async function run(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({ args: [...args], options: { tests: { type: "string" } } });
  if (options.tests === undefined) throw new Trouble("Which tests?", "Give --tests tests.json.");
  const text = await readFile(options.tests, "utf8").catch((err: unknown) => {
    throw new Trouble(`${options.tests} cannot be read.`, undefined, { cause: err });
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (err) {
    throw new Trouble(`${options.tests} is not JSON: ${(err as Error).message}`);
  }
  const tests = testsIn(json, options.tests);

  const { heading, rows } = await readCsv(inputOf("-"), ["value"], where);
  const lower = heading.map((name) => name.toLowerCase());
  const time = lower.findIndex((name) => timeNames.includes(name));
  if (time === -1) throw new Trouble(`${where} has no time column.`, "Name it time.");
  const value = heading.indexOf("value");
  const columns = heading.map(() => [] as (number | undefined)[]);
  const kept: (readonly string[])[] = [];
  const times: number[] = [];
  for await (const row of rows) {
    kept.push(row.cells);
    times.push(timeIn(row, time, where, 1000));
    row.cells.forEach((cell, i) => {
      // Only the value must be a number: a column of names or notes may stand beside it.
      if (i === value) columns[i]!.push(numberIn(cell, "value", row.line, where));
      else columns[i]!.push(isMissing(cell) || Number.isNaN(Number(cell)) ? undefined : Number(cell));
    });
  }
  const depth = lower.findIndex((name) => ["z", "depth", "zinp"].includes(name));
  const series: Series = {
    times,
    values: columns[value]!,
    beside: Object.fromEntries(heading.map((name, i) => [name, columns[i]!])),
    ...(depth === -1 ? {} : { depths: columns[depth]! }),
  };
  const flags = tests.map(({ label, run: test }) => {
    try {
      return test(series);
    } catch (err) {
      if (err instanceof RangeError) throw new Trouble(`${label}: ${err.message}`);
      throw err;
    }
  });
  const all = aggregate(flags, kept.length);
  await write(csvLine([...heading, ...tests.map(({ label }) => label), "aggregate"]));
  for (const [i, cells] of kept.entries()) await write(csvLine([...cells, ...flags.map((of) => of[i]!), all[i]!]));
}

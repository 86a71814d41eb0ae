import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { printed, rowsOf } from "./printed.ts";
import { type Row, tally } from "./row.ts";

const ours = [
  "gross_range_test",
  "spike_test",
  "rate_of_change_test",
  "flat_line_test",
  "attenuated_signal_test",
  "climatology_test",
];

/** Calls recorded from ioos_qc, run through the command. */
export async function qualityRows(file: string): Promise<Row[]> {
  const calls = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const folder = await mkdtemp(join(tmpdir(), "openkerb-qc-"));
  const result = tally();
  const own = calls.filter(({ fn }) => ours.includes(fn));
  try {
    for (const { test, fn, args, flags } of own) {
      const { inp, tinp, zinp, ...rest } = args;
      const tests = join(folder, "tests.json");
      await writeFile(tests, JSON.stringify({ [fn]: rest }));
      const plain = (v: unknown) => (typeof v === "number" ? v : "NA");
      const time = (i: number) =>
        tinp
          ? typeof tinp[i] === "number"
            ? new Date(tinp[i] * 1000).toISOString()
            : String(tinp[i]).replace(/^Timestamp\('(.*)'\)$/, "$1")
          : new Date(i * 3_600_000).toISOString();
      const rows = inp.map((v: unknown, i: number) => `${time(i)},${plain(v)},${plain(zinp?.[i])}\n`);
      const answer = rowsOf(await printed(["air", "qc", "--tests", tests], `time,value,z\n${rows.join("")}`));
      result.check(
        test,
        answer.map((row) => Number(row[fn])),
        flags,
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return [
    {
      what: `recorded QARTOD calls (${calls.length - own.length} of other tests left out)`,
      measured: `${result.right()} of ${result.all()} equal${result.wrong() ? `\n    ${result.wrong()}` : ""}`,
      least: "all equal where the test is ours",
      met: result.right() === result.all(),
    },
  ];
}

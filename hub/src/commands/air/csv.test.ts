import { describe, expect, it } from "vitest";
import { numberIn, readCsv } from "./csv.ts";

async function* input(text: string | Uint8Array, size = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text as string);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}
const read = async (text: string | Uint8Array, needed: readonly string[] = ["time", "value"], anyCase = false) => {
  const { heading, rows } = await readCsv(input(text), needed, "a.csv", { anyCase });
  const found: (string | number)[][] = [];
  for await (const { line, cells } of rows) found.push([line, ...cells]);
  return { heading, rows: found };
};

describe("a CSV file as people send it", () => {
  it("is read with a byte order mark, carriage returns, quotes and blank lines, and keeps the editor's line numbers", async () => {
    const text = '\uFEFF"time",value\r\n\r\n1,"5"\r\n\r\n"2","6,5"\r\n';
    expect(await read(text)).toEqual({
      heading: ["time", "value"],
      rows: [
        [3, "1", "5"],
        [5, "2", "6,5"],
      ],
    });
  });

  it("may have a cell over several lines; a quote inside of a cell is only a quote", async () => {
    const text = 'time,value,note\n1,5,"two\nlines, and a ""word"""\n2,6,5" pipe\n3,7,x\n';
    expect((await read(text)).rows).toEqual([
      [2, "1", "5", 'two\nlines, and a "word"'],
      [4, "2", "6", '5" pipe'],
      [5, "3", "7", "x"],
    ]);
  });

  it("is refused where a quote is never closed, by the line where it was opened", async () => {
    await expect(read('time,value,note\n1,5,x\n2,6,"open\n3,7,x\n')).rejects.toThrow(
      /line 3: a quoted cell is never closed/,
    );
    // Not after a whole file was swallowed.
    const endless = `time,value,note\n1,5,"open\n${"2,6,x\n".repeat(100_000)}`;
    await expect(read(endless)).rejects.toThrow(/line 2: a quoted cell is never closed/);
  });

  it("is refused when two columns have the name that is read", async () => {
    await expect(read("time,value,value\n1,5,6\n")).rejects.toThrow(/two columns are called "value"/);
    expect((await read("time,value,note,note\n1,5,a,b\n")).rows).toEqual([[2, "1", "5", "a", "b"]]);
    await expect(read("time,Value,value\n1,5,6\n", ["time", "value"], true)).rejects.toThrow(/two columns/);
  });

  it.each([
    ["semicolons", "time;value\n1;5,5\n", /separated by commas/],
    ["tabs", "time\tvalue\n1\t5\n", /separated by commas/],
    ["UTF-16", Buffer.from("\uFEFFtime,value\n1,5\n", "utf16le"), /UTF-8/],
    ["Latin-1", Buffer.from("Zeit (µs),Wert\n1,5\n", "latin1"), /UTF-8/],
    ["carriage returns alone", "time,value\r1,5\r", /carriage return alone/],
  ] as const)("is refused with what to do about %s", async (_, text, says) => {
    await expect(read(text)).rejects.toMatchObject({ next: expect.stringMatching(says) });
  });

  it("holds decimal numbers and nothing that only a programmer would call one", () => {
    const number = (cell: string) => numberIn(cell, "value", 2, "a.csv");
    expect(["5", "-5.25", ".5", "5.", "+1e3", "1E-2", "NaN", "", "n/a"].map(number)).toEqual([
      5,
      -5.25,
      0.5,
      5,
      1000,
      0.01,
      undefined,
      undefined,
      undefined,
    ]);
    for (const cell of ["0x10", "0b11", "1e400", "inf", "Infinity", "1_0", "1 000", "١", "--1", "."])
      expect(() => number(cell)).toThrow(/line 2: value ".+" is not a number/);
  });
});

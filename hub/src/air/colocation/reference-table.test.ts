import { expect, it } from "vitest";
import { readReferenceTable } from "./reference-table.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const why = (text: string) => {
  const table = readReferenceTable(text);
  return table.kind === "wrong" ? table.why : undefined;
};

it("a table is read in any order, with a byte order mark, quotes, blank lines and what is missing", () => {
  const text =
    '\uFEFF"Time",note,VALUE\r\n\r\n2026-10-25T03:00,b,7.5\r\n"2026-10-25T01:00",a,"5"\r\n2026-10-25T02:00,,NA\r\n';
  expect(readReferenceTable(text)).toEqual({
    kind: "table",
    readings: [
      { at: at("2026-10-25T01:00"), value: 5 },
      { at: at("2026-10-25T03:00"), value: 7.5 },
    ],
  });
});

// On 25 October 2026 clocks in Europe go back: 02:00 comes twice where no zone is written.
it("a table that says two things of one hour is refused by both lines, and taken with its zones", () => {
  const night = "time,value\n2026-10-25T01:00,5\n2026-10-25T02:00,6\n2026-10-25T02:00,7\n";
  expect(why(night)).toBe("line 4: this time was already given on line 3, with another value");
  const zones = "time,value\n2026-10-25T02:00+02:00,6\n2026-10-25T02:00+01:00,7\n";
  expect(readReferenceTable(zones)).toMatchObject({ readings: [{ value: 6 }, { value: 7 }] });
  // The same row twice says nothing new.
  expect(readReferenceTable(night.replace(",7", ",6.0"))).toMatchObject({ readings: [{ value: 5 }, { value: 6 }] });
});

it.each([
  ["", "line 1: the heading must name time and value"],
  ["\nwhen,value\n", "line 2: the heading must name time and value"],
  ["time,value\n1,2,3\n", "line 2: 3 cells where the heading has 2"],
  ["time,value\n\nnoon,3\n", 'line 3: "noon" is not a time'],
  ["time,value\n2026-10-25,3x\n", 'line 2: "3x" is not a number'],
  ["time,value\n2026-10-25,Infinity\n", 'line 2: "Infinity" is not a number'],
  ["time,value\n2026-10-25,0x10\n", 'line 2: "0x10" is not a number'],
  ["time,value\n2026-10-25,-\n", "there is no value in the table"],
])("a table %j is refused: %s", (text, says) => {
  expect(why(text)).toBe(says);
});

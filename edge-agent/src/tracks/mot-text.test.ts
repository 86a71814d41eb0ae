import { Trouble } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { formatMot, parseMot } from "./mot-text.ts";

describe("MOTChallenge text", () => {
  it("is read with commas or blanks, more or fewer columns, and empty lines", () => {
    const text = "1,-1,10,20,30.5,40,0.9,-1,-1,-1\r\n\n2 -1 1 2 3 4\n 3, 7, -5.5, 2e1, 3, 4, -12.5 \n";
    expect(parseMot(text, "det.txt")).toEqual([
      { frame: 1, id: -1, box: [10, 20, 30.5, 40], score: 0.9 },
      { frame: 2, id: -1, box: [1, 2, 3, 4], score: 1 },
      { frame: 3, id: 7, box: [-5.5, 20, 3, 4], score: -12.5 },
    ]);
  });

  it.each([
    ["1,-1,10,20", "line 2 of det.txt has 4 of the 6 numbers it needs"],
    ["1,-1,10,top,30,40,1", "line 2 of det.txt has “top” as its top"],
    ["1,-1,10,,30,40,1", "line 2 of det.txt has “” as its top"],
    ["1.5,-1,10,20,30,40,1", "line 2 of det.txt has 1.5 as its frame, which is a whole number from 1"],
    ["-3,-1,10,20,30,40,1", "line 2 of det.txt has -3 as its frame, which is a whole number from 1"],
    ["1,-1,10,20,0,40,1", "line 2 of det.txt has a box of 0 by 40"],
    ["1,-1,10,20,30,40,NaN", "line 2 of det.txt has “NaN” as its score"],
  ])("with the bad row %s is refused by the number of its line", (row, message) => {
    const read = (): unknown => parseMot(`1,-1,1,1,1,1,1\n${row}\n`, "det.txt");
    expect(read).toThrow(Trouble);
    expect(read).toThrow(message);
  });

  it("is written as it is read", () => {
    const row = { frame: 12, id: 3, box: [1.25, -2, 30, 40.5] as const, score: 0.875 };
    expect(formatMot(row)).toBe("12,3,1.25,-2.00,30.00,40.50,0.8750,-1,-1,-1");
    expect(parseMot(formatMot(row), "x")).toEqual([row]);
  });
});

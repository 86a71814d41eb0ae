import { describe, expect, it } from "vitest";
import { sdi12Values } from "./sdi12.ts";

describe("SDI-12", () => {
  it.each([
    ["0+3.14OqZ", "3.14"],
    ["0+3.14+2.718+1.414Ipz", "3.14 2.718 1.414"],
    ["0+1.11+2.22+3.33+4.44+5.55+6.66I]q", "1.11 2.22 3.33 4.44 5.55 6.66"],
    ["0+7.77+8.88+9.99IvW\r\n", "7.77 8.88 9.99"],
    ["0+3.14+2.718IWO", "3.14 2.718"],
    ["0AP@", ""],
  ])("reads %j", (line, values) =>
    expect(sdi12Values(line)).toEqual({ address: "0", values: values === "" ? [] : values.split(" ").map(Number) }),
  );

  it("does not read a line that lost a sign or a digit", () => {
    expect([sdi12Values("0+3.14+2.71IWO"), sdi12Values("03.14OqZ"), sdi12Values("")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

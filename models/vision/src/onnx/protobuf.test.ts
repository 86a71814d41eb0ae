import { describe, expect, it } from "vitest";
import { addBytes, addFloat, addInt, bytesOf, message } from "./protobuf.ts";

const hex = (write: (to: ReturnType<typeof message>) => void): string => {
  const to = message();
  write(to);
  return Buffer.from(bytesOf(to)).toString("hex");
};

// The expected bytes are those of protobuf's own encoding guide, or follow from it by hand.
describe("the protobuf writer", () => {
  it.each([
    ["150 in field 1, as the guide shows it", (to: ReturnType<typeof message>) => addInt(to, 1, 150), "089601"],
    ["zero", (to: ReturnType<typeof message>) => addInt(to, 2, 0), "1000"],
    ["-1 as ten bytes", (to: ReturnType<typeof message>) => addInt(to, 1, -1), "08ffffffffffffffffff01"],
    ["a field number above 15", (to: ReturnType<typeof message>) => addInt(to, 20, 7), "a00107"],
    ["a string", (to: ReturnType<typeof message>) => addBytes(to, 2, "testing"), "120774657374696e67"],
    ["a float", (to: ReturnType<typeof message>) => addFloat(to, 2, 1), "150000803f"],
  ])("writes %s", (_, write, expected) => expect(hex(write)).toBe(expected));

  it("writes a message inside a message with its length before it", () => {
    const inner = message();
    addInt(inner, 1, 150);
    expect(hex((to) => addBytes(to, 3, inner))).toBe("1a03089601");
  });
});

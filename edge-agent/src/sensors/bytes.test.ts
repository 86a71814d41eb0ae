import { expect, it } from "vitest";
import { bytesOf, startsWith } from "./bytes.ts";

it.each([
  "424d001c",
  "42 4D 00 1C",
  "0x42, 0x4d, 0x00, 0x1c",
  "0x424d001c",
  "42:4d:00:1c",
  "42-4d-00-1c\n",
  "0X42 0X4D 001c",
])("%j is four bytes, as people copy them", (hex) => expect([...(bytesOf(hex) ?? [])]).toEqual([0x42, 0x4d, 0, 0x1c]));

it.each(["", "4", "42 4", "42 4g", "0x", "hello"])("%j is no bytes", (hex) => expect(bytesOf(hex)).toBeUndefined());

it("bytes begin with others only where all of them are there", () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const at = (place: number, ...start: number[]) => startsWith(bytes, Uint8Array.from(start), place);
  expect([at(0, 1, 2), at(1, 2, 3), at(2, 3), at(0)]).toEqual([true, true, true, true]);
  expect([at(0, 2), at(2, 3, 0), at(3, 1), at(1, 2, 4)]).toEqual([false, false, false, false]);
});

import { millis, minutes } from "@openkerb/contract";
import { expect, it } from "vitest";
import { jitter } from "./jitter.ts";

it("the wait after a failure is up to one second, then two, then four, and never more than half a minute", () => {
  expect([1, 2, 3, 5, 6, 99].map((failures) => jitter(failures, 1))).toEqual([
    1000, 2000, 4000, 16_000, 30_000, 30_000,
  ]);
  expect([0, 0.25].map((random) => jitter(3, random))).toEqual([0, 1000]);
});

it("another beginning and another end can be asked for", () => {
  const bounds = { first: millis(10), most: minutes(1) };
  expect([1, 4, 11, 12, 50].map((failures) => jitter(failures, 1, bounds))).toEqual([10, 80, 10_240, 10_240, 10_240]);
  expect(jitter(20, 1, { most: minutes(1) })).toBe(60_000);
});

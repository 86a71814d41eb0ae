import { expect, it } from "vitest";
import { damageWatch } from "./damage-watch.ts";

it("calls a stream corrupt after damage in three of ten seconds, and whole after ten seconds without", () => {
  const { hit, look } = damageWatch();
  const seen: string[] = [];
  for (let second = 0; second < 40; second += 1) {
    if ([3, 5, 9, 15].includes(second)) for (let i = 0; i < 50; i += 1) hit(second * 1000 + i * 10);
    seen.push(look(second * 1000 + 999) ? "x" : ".");
  }
  expect(seen.join("")).toBe(`${".".repeat(9)}${"x".repeat(16)}${".".repeat(15)}`);
});

it("does not mind a burst in one second, or one now and then", () => {
  const { hit, look } = damageWatch();
  for (let second = 0; second < 100; second += 1) {
    if (second % 6 === 0) for (let i = 0; i < 500; i += 1) hit(second * 1000 + i);
    expect(look(second * 1000 + 999)).toBe(false);
  }
});

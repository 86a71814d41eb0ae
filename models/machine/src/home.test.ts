import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { homeFolder } from "./home.ts";

afterEach(() => vi.unstubAllEnvs());

it("everything made while running lies in the house, wherever a command is called, unless somebody says where", () => {
  vi.stubEnv("OPENKERB_HOME", undefined);
  const house = dirname(homeFolder());
  expect(existsSync(join(house, "models/machine/package.json"))).toBe(true);
  expect(homeFolder()).toBe(join(house, ".openkerb"));
  vi.stubEnv("OPENKERB_HOME", "");
  expect(homeFolder()).toBe(join(house, ".openkerb"));
  vi.stubEnv("OPENKERB_HOME", "some/place");
  expect(homeFolder()).toBe(resolve("some/place"));
});

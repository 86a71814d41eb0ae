import { expect, it } from "vitest";
import { parseRoute } from "../route.ts";
import { keysOf } from "./keys-of.ts";

it.each([
  ["/desk", ["anywhere", "desk", "chart"]],
  ["/air/review/7", ["anywhere", "review", "chart"]],
  ["/air/ledger", ["anywhere"]],
  ["/air/station/mill-road", ["anywhere", "chart"]],
  ["/boxes", ["anywhere"]],
  ["/boxes/kerb-01", ["anywhere", "chart"]],
  ["/open", ["anywhere"]],
  ["/nowhere", ["anywhere"]],
])("on %s the keys are those that do something there", (path, groups) => {
  expect(keysOf(parseRoute(path, ""))).toEqual(groups);
});

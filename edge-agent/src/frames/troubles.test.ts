import { expect, it } from "vitest";
import { CameraError } from "./camera-error.ts";
import { troubles } from "./troubles.ts";

function book() {
  const told: string[] = [];
  const states: string[] = [];
  const kept = troubles(
    (state) => states.push(state),
    (trouble, active, why) => told.push(`${trouble} ${active ? `begins: ${why}` : "ends"}`),
  );
  const fails = (trouble: CameraError["trouble"], attempt: number) =>
    kept.failed(new CameraError(trouble, "why"), attempt);
  return { ...kept, fails, told, states };
}

it("tells a trouble once when it begins and once when it ends, however often it is met", () => {
  const { sees, fails, told, states } = book();
  fails("unreachable", 1);
  fails("unreachable", 2);
  fails("unreachable", 3);
  sees();
  sees();
  expect(told).toEqual(["unreachable begins: why", "unreachable ends"]);
  expect(states).toEqual(["unreachable", "watching"]);
});

it("passes over a line that broke once and is back at the next try", () => {
  const { sees, fails, told } = book();
  sees();
  fails("unreachable", 1);
  sees();
  fails("unreachable", 1);
  expect(told).toEqual([]);
  fails("unreachable", 2);
  expect(told).toEqual(["unreachable begins: why"]);
});

it("replaces one reason for no frames by another", () => {
  const { sees, fails, told, states } = book();
  sees();
  fails("stalled", 1);
  fails("unreachable", 2);
  fails("login-refused", 3);
  sees();
  expect(told).toEqual([
    "stalled begins: why",
    "stalled ends",
    "unreachable begins: why",
    "unreachable ends",
    "login-refused begins: why",
    "login-refused ends",
  ]);
  expect(states).toEqual(["watching", "stalled", "unreachable", "login-refused", "watching"]);
});

it("lets a frozen picture stay frozen over a broken line", () => {
  const { sees, fails, set, told, states } = book();
  sees();
  set("frozen", true, "still");
  fails("stalled", 1);
  sees();
  set("frozen", false, "still");
  expect(told).toEqual(["frozen begins: still", "stalled begins: why", "stalled ends", "frozen ends"]);
  expect(states).toEqual(["watching", "frozen", "stalled", "frozen", "watching"]);
});

it("does not end a corrupt stream that gives nothing because nobody complains in the silence", () => {
  const { sees, fails, set, told } = book();
  sees();
  fails("corrupt", 1);
  set("corrupt", false, "");
  expect(told).toEqual(["corrupt begins: why"]);
  sees();
  expect(told).toEqual(["corrupt begins: why", "corrupt ends"]);
});

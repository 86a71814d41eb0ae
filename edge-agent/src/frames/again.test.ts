import { millis, minutes, seconds } from "@openkerb/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AgainOptions, again, fullJitter } from "./again.ts";
import { CameraError } from "./camera-error.ts";

const lost = new CameraError("unreachable", "the line broke");
const refused = new CameraError("login-refused", "no");

/** Opens one run after the other from a list: how many things it gives, and what it fails with. */
function runs(list: readonly (readonly [things: number, error?: Error])[], more: Partial<AgainOptions> = {}) {
  const stop = new AbortController();
  const failures: number[] = [];
  let clock = 0;
  let run = 0;
  async function* open(): AsyncGenerator<number> {
    const [things, error] = list[run] ?? [0, new Error("opened once too often")];
    run += 1;
    for (let i = 0; i < things; i += 1) {
      yield run * 100 + i;
      clock += 10_000;
    }
    if (error) throw error;
  }
  const options: AgainOptions = {
    signal: stop.signal,
    pause: () => millis(0),
    now: () => clock,
    onFailed(_, attempt) {
      failures.push(attempt);
      if (run === list.length) stop.abort(new Error("told to stop"));
    },
    ...more,
  };
  return { things: again(open, options), failures, stop };
}

const all = async (things: AsyncIterable<number>): Promise<{ got: number[]; err: unknown }> => {
  const got: number[] = [];
  try {
    for await (const thing of things) got.push(thing);
  } catch (err) {
    return { got, err };
  }
  return { got, err: undefined };
};

it("opens anew after every failure of the camera and after every end", async () => {
  const { things, failures } = runs([[2, lost], [0, refused], [1], [1, lost]]);
  const { got, err } = await all(things);
  expect(got).toEqual([100, 101, 300, 400]);
  expect(failures).toEqual([1, 2, 3, 4]);
  expect(err).toEqual(new Error("told to stop"));
});

it("counts from one again after a run that lasted", async () => {
  const { failures, things } = runs([
    [0, lost],
    [0, lost],
    [5, lost],
    [0, lost],
    [1, lost],
  ]);
  await all(things);
  expect(failures).toEqual([1, 2, 1, 2, 3]);
});

it("does not try again after a fault of the program", async () => {
  const { things, failures } = runs([[1, lost], [1, new TypeError("x is not a function")], [1]]);
  const { got, err } = await all(things);
  expect(got).toEqual([100, 200]);
  expect(err).toBeInstanceOf(TypeError);
  expect(failures).toEqual([1]);
});

it("does not wait out its pause when told to stop", async () => {
  const { things, stop } = runs([[1, lost], [1]], {
    pause: () => minutes(10),
    onFailed: () => setTimeout(() => stop.abort(new Error("told to stop")), 10),
  });
  expect((await all(things)).err).toEqual(new Error("told to stop"));
});

it("spreads its tries between nothing and a bound that doubles up to half a minute", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const pause = fullJitter(attempt, lost, random);
      expect(pause).toBeGreaterThanOrEqual(0);
      expect(pause).toBeLessThanOrEqual(Math.min(seconds(30), 1000 * 2 ** (attempt - 1)));
    }),
  );
  expect(fullJitter(3, lost, 0.5)).toBe(2000);
  expect(fullJitter(99, lost, 1)).toBe(30_000);
});

it("does not knock at a door with a wrong password more than every five minutes", () => {
  expect(fullJitter(1, refused, 0)).toBe(minutes(5));
  expect(fullJitter(50, refused, 1)).toBe(minutes(10));
});

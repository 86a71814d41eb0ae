import { expect, it } from "vitest";
import { progress } from "./progress.ts";
import { busy, waitedFor } from "./stage-times.ts";

const screen = (isTTY: boolean): { isTTY: boolean; said: string[]; write: (text: string) => boolean } => {
  const said: string[] = [];
  return { isTTY, said, write: (text) => said.push(text) > 0 };
};

it("draws one line anew on a terminal, at most five times a second, and takes it away", () => {
  const terminal = screen(true);
  let now = 0;
  const bar = progress(100, terminal, () => now);
  for (let done = 1; done <= 100; done++) {
    now = done * 10;
    bar.at(done);
  }
  bar.end();
  expect(terminal.said).toHaveLength(6);
  expect(terminal.said[1]).toBe(`\r\x1b[2K${"█".repeat(10)}${"░".repeat(14)}  40 %  40/100  100.0 frames/s`);
  expect(terminal.said.at(-1)).toBe("\r\x1b[2K");
});

it("writes a line now and then into a log, also when nobody knows how much there is", () => {
  const log = screen(false);
  let now = 0;
  const bar = progress(undefined, log, () => now);
  for (let done = 1; done <= 50; done++) {
    now = done * 500;
    bar.at(done);
  }
  bar.end();
  expect(log.said).toEqual(["20 frames  2.0 frames/s\n", "40 frames  2.0 frames/s\n"]);
});

it("counts calls that overlap as one stretch of work", async () => {
  const stretches: number[] = [];
  const ends: (() => void)[] = [];
  const work = busy(
    () => new Promise<void>((resolve) => ends.push(resolve)),
    (ms) => stretches.push(ms),
  );
  const [first, second] = [work(), work()];
  ends[0]?.();
  await first;
  expect(stretches).toHaveLength(0);
  ends[1]?.();
  await second;
  expect(stretches).toHaveLength(1);
  const third = work();
  ends[2]?.();
  await third;
  expect(stretches).toHaveLength(2);
});

it("counts waiting for the source, not what is done with its items", async () => {
  let waited = 0;
  async function* source(): AsyncGenerator<number, void, undefined> {
    yield 1;
    yield 2;
  }
  const begun = performance.now();
  let idle = 0;
  for await (const _ of waitedFor(source(), (ms) => {
    waited += ms;
  })) {
    const from = performance.now();
    while (performance.now() - from < 20);
    idle += performance.now() - from;
  }
  expect(waited).toBeLessThanOrEqual(performance.now() - begun - idle);
});

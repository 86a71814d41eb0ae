import { expect, it } from "vitest";
import { newest } from "./newest.ts";

type Thing = { readonly name: string; readonly release: () => void };
const quiet = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A source that gives when told to. */
function tap(): { source: AsyncIterable<Thing>; give(name: string): void; end(err?: Error): void; given: string[] } {
  const waiting: Thing[] = [];
  const given: string[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  let failure: Error | undefined;
  async function* source(): AsyncGenerator<Thing> {
    for (;;) {
      const next = waiting.shift();
      if (next) yield next;
      else if (failure) throw failure;
      else if (ended) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  return {
    source: source(),
    given,
    give(name) {
      waiting.push({ name, release: () => given.push(name) });
      wake();
    },
    end(err) {
      failure = err;
      ended = true;
      wake();
    },
  };
}

it("hands out the newest, tells of every other and gives their buffers back", async () => {
  const { source, give, end, given } = tap();
  const dropped: string[] = [];
  const frames = newest(
    () => source,
    (thing) => dropped.push(thing.name),
    quiet,
  );
  const first = frames.next();
  give("a");
  expect((await first).value?.name).toBe("a");
  for (const name of ["b", "c", "d"]) give(name);
  await turn();
  expect((await frames.next()).value?.name).toBe("d");
  expect(dropped).toEqual(["b", "c"]);
  expect(given).toEqual(["b", "c"]);
  give("e");
  end();
  await turn();
  expect((await frames.next()).value?.name).toBe("e");
  expect((await frames.next()).done).toBe(true);
});

it("fails as its source failed, after the last frame", async () => {
  const { source, give, end } = tap();
  const frames = newest(
    () => source,
    () => undefined,
    quiet,
  );
  const first = frames.next();
  give("a");
  await first;
  give("b");
  end(new Error("the lens fell off"));
  await turn();
  expect((await frames.next()).value?.name).toBe("b");
  await expect(frames.next()).rejects.toThrow("the lens fell off");
});

it("tells a source that waits for ever to stop when nobody listens any more", async () => {
  let stopped = false;
  async function* silent(signal: AbortSignal): AsyncGenerator<Thing> {
    yield { name: "only", release: () => undefined };
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    stopped = true;
    signal.throwIfAborted();
  }
  for await (const _ of newest(silent, () => undefined, quiet)) break;
  expect(stopped).toBe(true);
});

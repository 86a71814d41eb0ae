import { bell } from "../bell.ts";

type Droppable = { readonly release?: () => void };

/**
 * A mailbox with one place: always draws from the source, hands out the newest and drops what nobody had time for.
 * The only place where frames are lost. The source's end and failure come after the last frame still waiting.
 * The source is opened at the first pull and told to stop when the consumer leaves.
 */
export async function* newest<T extends Droppable>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  onDrop: (dropped: T) => void,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  let waiting: T | undefined;
  const news = bell();
  let over = false;
  let failure: unknown;
  const left = new AbortController();
  const frames = open(AbortSignal.any([signal, left.signal]))[Symbol.asyncIterator]();
  const draw = async (): Promise<void> => {
    try {
      for (;;) {
        const next = await frames.next();
        if (next.done) break;
        if (over) {
          next.value.release?.();
          break;
        }
        if (waiting) {
          onDrop(waiting);
          waiting.release?.();
        }
        waiting = next.value;
        news.ring();
      }
    } catch (err) {
      failure = err;
    } finally {
      over = true;
      news.ring();
    }
  };
  const drawing = draw();
  try {
    for (;;) {
      if (waiting) {
        const frame = waiting;
        waiting = undefined;
        yield frame;
      } else if (over) {
        if (failure !== undefined) throw failure;
        return;
      } else await news.heard();
    }
  } finally {
    over = true;
    // First told, then waited for: a source that waits for its camera would not hear of `return`.
    left.abort();
    await drawing;
    await frames.return?.();
    waiting?.release?.();
  }
}

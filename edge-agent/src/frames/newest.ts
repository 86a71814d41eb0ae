type Droppable = { readonly release?: () => void };

/**
 * A mailbox with one place: always draws from the source, hands out the newest and drops what nobody had time for.
 * The only place where frames are lost. The source's end and failure come after the last frame still waiting.
 */
export async function* newest<T extends Droppable>(
  source: AsyncIterable<T>,
  onDrop: (dropped: T) => void,
): AsyncGenerator<T, void> {
  let waiting: T | undefined;
  let wake: () => void = () => undefined;
  let over = false;
  let failure: unknown;
  const frames = source[Symbol.asyncIterator]();
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
        wake();
      }
    } catch (err) {
      failure = err;
    } finally {
      over = true;
      wake();
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
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    over = true;
    await frames.return?.();
    await drawing;
  }
}

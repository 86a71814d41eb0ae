/** Bytes that come in pieces of any size, taken in the sizes that are wanted. What was taken or skipped is not kept. */
export type ByteSource = {
  /** How many bytes were taken or skipped. */
  readonly at: number;
  /** The next bytes: as many as wanted, or fewer when there are no more. */
  upTo(count: number): Promise<Uint8Array>;
  /** Passes over so many bytes, or over all there are. */
  skip(count: number): Promise<void>;
  /** What is there of the next `most` bytes, in whole units of `unit` bytes; nothing when not even one more comes. */
  some(unit: number, most: number): Promise<Uint8Array>;
};

export function byteSource(input: AsyncIterable<Uint8Array>): ByteSource {
  const pieces = input[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  let at = 0;
  const more = async (): Promise<boolean> => {
    const { value, done } = await pieces.next();
    if (done) return false;
    rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
    return true;
  };
  const take = (count: number): Uint8Array => {
    const taken = rest.slice(0, count);
    rest = rest.subarray(taken.length);
    at += taken.length;
    return taken;
  };
  return {
    get at() {
      return at;
    },
    async upTo(count) {
      while (rest.length < count && (await more()));
      return take(count);
    },
    async skip(count) {
      let left = count;
      for (;;) {
        left -= take(left).length;
        if (left === 0 || !(await more())) return;
      }
    },
    async some(unit, most) {
      while (rest.length < Math.min(unit, most) && (await more()));
      const there = Math.min(rest.length, most);
      return take(there - (there % unit));
    },
  };
}

/** A buffer and the way to give it back. */
export type Loan = { readonly data: Uint8Array; readonly release: () => void };

/**
 * Buffers of one size, lent and taken back. A loan that never comes back costs an allocation, never a torn picture:
 * only released buffers are lent again. At most `kept` idle buffers are held.
 */
export function bufferPool(bytes: number, kept: number): { lend(): Loan } {
  const idle: Uint8Array[] = [];
  return {
    lend() {
      const data = idle.pop() ?? new Uint8Array(new SharedArrayBuffer(bytes));
      let lent = true;
      const release = (): void => {
        if (!lent) return;
        lent = false;
        if (idle.length < kept) idle.push(data);
      };
      return { data, release };
    },
  };
}

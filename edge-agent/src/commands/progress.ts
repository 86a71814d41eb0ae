import type { WriteStream } from "node:tty";

/** How far a long command is. On a terminal one line that is drawn anew; in a log one line now and then. */
export type Progress = {
  readonly at: (done: number) => void;
  /** Takes the line away. */
  readonly end: () => void;
};

const cells = 24;

/** `total` is undefined when nobody knows how much there is. `clock` gives milliseconds. */
export function progress(
  total: number | undefined,
  screen: Pick<WriteStream, "write"> & { readonly isTTY?: boolean },
  clock: () => number = () => performance.now(),
): Progress {
  const begun = clock();
  const every = screen.isTTY ? 200 : 10_000;
  let shown = begun;
  return {
    at(done) {
      const now = clock();
      if (now - shown < every) return;
      shown = now;
      const rate = `${((done * 1000) / Math.max(1, now - begun)).toFixed(1)} frames/s`;
      const line = total === undefined ? `${done} frames  ${rate}` : `${bar(done / total)}  ${done}/${total}  ${rate}`;
      screen.write(screen.isTTY ? `\r\x1b[2K${line}` : `${line}\n`);
    },
    end() {
      if (screen.isTTY) screen.write("\r\x1b[2K");
    },
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * cells);
  return `${"█".repeat(full)}${"░".repeat(cells - full)} ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %`;
}

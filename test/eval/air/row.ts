/** One line of the table: what was asked, what was measured, and whether that is enough. */
export type Row = { readonly what: string; readonly measured: string; readonly least: string; readonly met: boolean };

/** Counts how many of a group came out as they should, and keeps the first that did not. */
export function tally(): {
  check(label: string, found: unknown, expected: unknown): void;
  close(label: string, found: number | undefined, expected: number, by: number): void;
  readonly all: () => number;
  readonly right: () => number;
  readonly wrong: () => string;
} {
  let [all, right] = [0, 0];
  const wrong: string[] = [];
  const count = (fine: boolean, label: string, found: unknown, expected: unknown) => {
    all++;
    if (fine) right++;
    else wrong.push(`${label}: ${JSON.stringify(found)} where ${JSON.stringify(expected)} is expected`);
  };
  return {
    check: (label, found, expected) =>
      count(JSON.stringify(found) === JSON.stringify(expected), label, found, expected),
    close: (label, found, expected, by) =>
      count(found !== undefined && Math.abs(found - expected) <= by, label, found, expected),
    all: () => all,
    right: () => right,
    wrong: () => wrong.join("\n    "),
  };
}

/** One line of the table: what was measured, and what it has to be at the least or at the most, if anything. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly goal?: { readonly atLeast: number } | { readonly atMost: number };
  readonly digits?: number;
};

export const isMet = ({ value, goal }: Figure): boolean =>
  goal === undefined || ("atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost);

/** How much better than the goal, above 1 for better; undefined without a goal, and where a share means nothing. */
function ratio({ value, goal }: Figure): number | undefined {
  if (goal === undefined) return undefined;
  if ("atLeast" in goal) return value / goal.atLeast;
  return value === 0 ? undefined : goal.atMost / value;
}

/** The table as text, with columns that line up. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, value, goal, digits = 1 } = figure;
    const wanted = goal === undefined ? "" : "atLeast" in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
    const by = ratio(figure);
    return [
      what,
      value.toFixed(digits),
      wanted,
      by === undefined ? "" : by.toFixed(2),
      goal ? (isMet(figure) ? "met" : "MISSED") : "",
    ];
  });
  const all = [["what", "measured", "goal", "ratio", ""], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

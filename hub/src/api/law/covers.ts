/** Whether stretches together cover all of a time. */
export function covers(
  stretches: readonly { readonly from: number; readonly to: number }[],
): (from: number, to: number) => boolean {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return (from, to) => joined.some((s) => s.from <= from && s.to >= to);
}

/** How two rows of values of the same moments go together; only moments that both have count. */
export function agreementOf(
  a: readonly (number | undefined)[],
  b: readonly (number | undefined)[],
): { readonly shared: number; readonly difference?: number; readonly correlation?: number } {
  const pairs = a.flatMap((x, i) => {
    const y = b[i];
    return x === undefined || y === undefined ? [] : [[x, y] as const];
  });
  const n = pairs.length;
  if (n === 0) return { shared: 0 };
  const meanA = pairs.reduce((sum, [x]) => sum + x, 0) / n;
  const meanB = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanA) ** 2;
    yy += (y - meanB) ** 2;
    xy += (x - meanA) * (y - meanB);
  }
  // A line that never moves goes together with nothing; few pairs say nothing.
  const known = n >= 10 && xx > 0 && yy > 0;
  return { shared: n, difference: meanA - meanB, ...(known && { correlation: xy / Math.sqrt(xx * yy) }) };
}

/**
 * Least squares by Householder reflections, which keep the digits that the normal equations would lose.
 * `rows` are the observations; a column that adds nothing to those before it gets the coefficient 0.
 */
export function leastSquares(rows: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const m = rows.length;
  const n = rows[0]?.length ?? 0;
  const a = rows.map((row) => Float64Array.from(row));
  const b = Float64Array.from(wanted);
  const size = Array.from({ length: n }, (_, k) => Math.hypot(...a.map((row) => row[k]!)));
  const pivot: (number | undefined)[] = [];
  let top = 0;
  for (let k = 0; k < n; k++) {
    let norm = 0;
    for (let i = top; i < m; i++) norm = Math.hypot(norm, a[i]![k]!);
    if (top >= m || norm <= 1e-11 * (size[k] || 1)) {
      pivot.push(undefined);
      continue;
    }
    const alpha = a[top]![k]! > 0 ? -norm : norm;
    const v = new Float64Array(m);
    for (let i = top; i < m; i++) v[i] = a[i]![k]!;
    v[top]! -= alpha;
    let square = 0;
    for (let i = top; i < m; i++) square += v[i]! ** 2;
    const reflect = (get: (i: number) => number, set: (i: number, x: number) => void) => {
      let dot = 0;
      for (let i = top; i < m; i++) dot += v[i]! * get(i);
      const twice = (2 * dot) / square;
      for (let i = top; i < m; i++) set(i, get(i) - twice * v[i]!);
    };
    for (let j = k; j < n; j++)
      reflect(
        (i) => a[i]![j]!,
        (i, x) => {
          a[i]![j] = x;
        },
      );
    reflect(
      (i) => b[i]!,
      (i, x) => {
        b[i] = x;
      },
    );
    pivot.push(top++);
  }
  const coefficients = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const row = pivot[k];
    if (row === undefined) continue;
    let rest = b[row]!;
    for (let j = k + 1; j < n; j++) rest -= a[row]![j]! * coefficients[j]!;
    coefficients[k] = rest / a[row]![k]!;
  }
  return coefficients;
}

/**
 * Least squares by Householder reflections, which keep the digits that the normal equations would lose.
 * `rows` are the observations; a column that adds nothing to those before it gets the coefficient 0.
 */
export function leastSquares(rows: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const m = rows.length;
  const n = rows[0]?.length ?? 0;
  const columns = Array.from({ length: n }, (_, k) => Float64Array.from(rows, (row) => row[k]!));
  const b = Float64Array.from(wanted);
  const size = columns.map((column) => norm(column, 0));
  const pivot: (number | undefined)[] = [];
  let top = 0;
  for (let k = 0; k < n; k++) {
    const own = columns[k]!;
    const length = norm(own, top);
    if (top >= m || length <= 1e-11 * (size[k] || 1)) {
      pivot.push(undefined);
      continue;
    }
    const v = own.slice();
    v[top]! -= own[top]! > 0 ? -length : length;
    const square = dot(v, v, top);
    for (let j = k; j < n; j++) reflect(columns[j]!, v, square, top);
    reflect(b, v, square, top);
    pivot.push(top++);
  }
  const coefficients = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--) {
    const row = pivot[k];
    if (row === undefined) continue;
    let rest = b[row]!;
    for (let j = k + 1; j < n; j++) rest -= columns[j]![row]! * coefficients[j]!;
    coefficients[k] = rest / columns[k]![row]!;
  }
  return coefficients;
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Length of a column from a row on; divided by its largest member first, so that no square overflows or vanishes. */
function norm(column: Float64Array, from: number): number {
  let largest = 0;
  for (let i = from; i < column.length; i++) largest = Math.max(largest, Math.abs(column[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += (column[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}

function reflect(column: Float64Array, v: Float64Array, square: number, from: number): void {
  const twice = (2 * dot(v, column, from)) / square;
  for (let i = from; i < column.length; i++) column[i]! -= twice * v[i]!;
}

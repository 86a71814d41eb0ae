/**
 * Gives each row at most one column and each column at most one row so that the sum of costs is the least possible,
 * where a row left alone costs `limit`. `costs` is row by row, `rows * columns` long; a pair that must not be is
 * `Infinity`. Answers the column of each row, -1 for none.
 *
 * Shortest augmenting paths with dual prices (Jonker and Volgenant 1987, Crouse 2016): every row also has a private
 * column of cost `limit`, so that a full assignment always exists and staying alone is part of the optimum.
 */
export function assign(costs: Float64Array, rows: number, columns: number, limit: number): Int32Array {
  const owner = new Int32Array(columns).fill(-1);
  const result = new Int32Array(rows).fill(-1);
  const priceOfRow = new Float64Array(rows);
  const priceOfColumn = new Float64Array(columns);
  const distance = new Float64Array(columns);
  const reachedFrom = new Int32Array(columns);
  const done = new Uint8Array(columns);

  for (let start = 0; start < rows; start++) {
    distance.fill(Number.POSITIVE_INFINITY);
    done.fill(0);
    const visited: number[] = [];
    let row = start;
    let far = 0;
    // The cheapest way to end the path by leaving some row on it alone.
    let aloneRow = start;
    let alone = Number.POSITIVE_INFINITY;
    let end = -1;
    for (;;) {
      const price = priceOfRow[row]!;
      if (far + limit - price < alone) {
        alone = far + limit - price;
        aloneRow = row;
      }
      let nearest = -1;
      let least = Number.POSITIVE_INFINITY;
      for (let column = 0, at = row * columns; column < columns; column++, at++) {
        if (done[column]) continue;
        const reach = far + costs[at]! - price - priceOfColumn[column]!;
        if (reach < distance[column]!) {
          distance[column] = reach;
          reachedFrom[column] = row;
        }
        if (distance[column]! < least) {
          least = distance[column]!;
          nearest = column;
        }
      }
      if (nearest < 0 || least >= alone) break;
      far = least;
      done[nearest] = 1;
      visited.push(nearest);
      if (owner[nearest]! < 0) {
        end = nearest;
        break;
      }
      row = owner[nearest]!;
    }

    const length = end < 0 ? alone : far;
    // Prices move so that every pair on the path costs nothing more, and no other pair less than nothing.
    priceOfRow[start]! += length;
    for (const column of visited) {
      const gain = length - distance[column]!;
      const of = owner[column]!;
      if (of >= 0) priceOfRow[of]! += gain;
      priceOfColumn[column]! -= gain;
    }

    // Walk back: every row on the path takes the column it reached, its old column goes to the row before it.
    let free: number;
    if (end >= 0) free = end;
    else {
      if (aloneRow === start) continue;
      free = result[aloneRow]!;
      result[aloneRow] = -1;
    }
    for (;;) {
      const taker = reachedFrom[free]!;
      const left = result[taker]!;
      result[taker] = free;
      owner[free] = taker;
      if (taker === start) break;
      free = left;
    }
  }
  return result;
}

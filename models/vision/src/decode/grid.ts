import type { Size } from "../fit.ts";

/** One cell of a feature pyramid, in the order in which networks flatten theirs: level by level, row by row. */
export type Cell = { readonly x: number; readonly y: number; readonly stride: number };

/** How many cells the levels of these strides have for an input. */
export const cellCount = ({ width, height }: Size, strides: readonly number[]): number =>
  strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);

/** Finds the cell of an index without building a table of all. */
export function cellAt(index: number, { width, height }: Size, strides: readonly number[]): Cell {
  let left = index;
  for (const stride of strides) {
    const columns = Math.ceil(width / stride);
    const cells = columns * Math.ceil(height / stride);
    if (left < cells) return { x: left % columns, y: Math.floor(left / columns), stride };
    left -= cells;
  }
  throw new RangeError(`there is no cell ${index} in ${width}×${height} with strides ${strides}`);
}

/** A candidate's corners from its centre and size. */
export const aroundCentre = (
  x: number,
  y: number,
  width: number,
  height: number,
): { left: number; top: number; right: number; bottom: number } => ({
  left: x - width / 2,
  top: y - height / 2,
  right: x + width / 2,
  bottom: y + height / 2,
});

import { type Millis, millis, seconds } from "@openkerb/contract";

/**
 * How long to wait after so many failures in a row, from 1: anything between nothing and a bound that doubles from `first` to
 * `most`, so that many who failed together do not come back together. `random` is 0 to 1.
 */
export const jitter = (
  failures: number,
  random: number,
  { first = seconds(1), most = seconds(30) }: { readonly first?: Millis; readonly most?: Millis } = {},
): Millis => millis(Math.min(first * 2 ** Math.min(failures - 1, 10), most) * random);

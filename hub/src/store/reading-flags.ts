import type { QualityFlag } from "@openkerb/contract";

/** What was said of the quality of a channel from `start` to before `stop`. */
export type FlagRange = {
  readonly start: number;
  readonly stop: number;
  readonly flag: QualityFlag;
  /** 0 for the hub's tests, else the number of an officer's decision; a later one counts before an earlier one. */
  readonly decision: number;
  /** Stands instead of the device's flag; else the worse of both counts. */
  readonly replaces: boolean;
};

/** The flag a reading has after all: from its time and what its device said. */
export type EffectiveFlag = (at: number, device: QualityFlag) => QualityFlag;

/**
 * The worse of two flags, in the order 1, 2, 3, 4, 9. A 2 of the device stays: it says how the value was made (the
 * sensor was warming up), which no test of values can answer.
 */
export const worse = (a: QualityFlag, b: QualityFlag): QualityFlag => (a > b ? a : b);

const asDevice: EffectiveFlag = (_, device) => device;

/** Puts ranges that may lie over one another into one answer. */
export function effectiveFlag(ranges: readonly FlagRange[]): EffectiveFlag {
  if (ranges.length === 0) return asDevice;
  const edges = [...new Set(ranges.flatMap((r) => [r.start, r.stop]))].sort((a, b) => a - b);
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  let next = 0;
  let open: FlagRange[] = [];
  // What counts from each edge to the next one.
  const rules = edges.map((edge) => {
    open = open.filter((r) => r.stop > edge);
    for (let r = sorted[next]; r !== undefined && r.start <= edge; r = sorted[++next]) if (r.stop > edge) open.push(r);
    return open.reduce<FlagRange | undefined>((best, r) => (best && best.decision > r.decision ? best : r), undefined);
  });
  return (at, device) => {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle] as number) <= at) low = middle + 1;
      else high = middle;
    }
    const rule = low === 0 ? undefined : rules[low - 1];
    if (rule === undefined) return device;
    return rule.replaces ? rule.flag : worse(device, rule.flag);
  };
}

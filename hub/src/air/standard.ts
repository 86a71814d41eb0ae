import { chinaAqi2012, chinaAqi2012At273K, chinaAqi2026 } from "./china-aqi.ts";
import { europeanAqi2019, europeanAqi2024 } from "./european-aqi.ts";
import type { IndexStandard } from "./index-standard.ts";
import { usAqi2024 } from "./us-aqi.ts";

/** Every index rule set of this house, newest first within a region. */
export const indexStandards: readonly IndexStandard[] = [
  usAqi2024,
  europeanAqi2024,
  europeanAqi2019,
  chinaAqi2026,
  chinaAqi2012,
  chinaAqi2012At273K,
];

/** The rule set of that name, its newest form, for judging a day again under another law. */
export const indexStandard = (id: string): IndexStandard | undefined => indexStandards.find((s) => s.id === id);

/**
 * The rule set in force in a region on a day (`YYYY-MM-DD`, the day of the place), so that every day is judged by its
 * own law; nothing when this house holds no rule set for that day.
 */
export const standardInForce = (region: IndexStandard["region"], day: string): IndexStandard | undefined =>
  indexStandards.find((s) => s.region === region && s.from <= day && (s.to === undefined || day <= s.to));

/** Levels in dB; energy is what adds up, levels do not. */
const energy = (level: number): number => 10 ** (level / 10);
const level = (mean: number): number => 10 * Math.log10(mean);

/** Equivalent level of equally long pieces of time. */
export function equivalentLevel(levels: readonly number[]): number | undefined {
  if (levels.length === 0) return undefined;
  return level(levels.reduce((sum, l) => sum + energy(l), 0) / levels.length);
}

/** When a place's evening and night begin and its day begins again, in whole hours of the place. */
export type NoiseHours = { readonly day: number; readonly evening: number; readonly night: number };

/** 2002/49/EC Annex I: day 07-19, evening 19-23, night 23-07; a member state may shorten the evening. */
export const euNoiseHours: NoiseHours = { day: 7, evening: 19, night: 23 };

/** How many hours each period lasts. */
export function lengths({ day, evening, night }: NoiseHours): { day: number; evening: number; night: number } {
  const between = (from: number, to: number) => (to - from + 24) % 24;
  return { day: between(day, evening), evening: between(evening, night), night: between(night, day) };
}

/** Day-evening-night level: the evening counts 5 dB and the night 10 dB more (2002/49/EC Annex I). */
export function lden(
  levels: { readonly day: number; readonly evening: number; readonly night: number },
  hours: NoiseHours = euNoiseHours,
): number {
  const h = lengths(hours);
  const sum = h.day * energy(levels.day) + h.evening * energy(levels.evening + 5) + h.night * energy(levels.night + 10);
  return level(sum / (h.day + h.evening + h.night));
}

/** Which period an hour of the place belongs to. */
export function periodOf(hourOfDay: number, { day, evening, night }: NoiseHours): "day" | "evening" | "night" {
  const since = (from: number) => (hourOfDay - from + 24) % 24;
  const ago = { day: since(day), evening: since(evening), night: since(night) };
  // An evening of no length (some states have none) begins with the night, and the night then wins.
  if (ago.night <= ago.evening && ago.night <= ago.day) return "night";
  return ago.evening <= ago.day ? "evening" : "day";
}

export type NoiseDay = {
  readonly lday: number | undefined;
  readonly levening: number | undefined;
  readonly lnight: number | undefined;
  readonly lden: number | undefined;
  /** Hours that were measured, of 24. */
  readonly hours: number;
};

/** The levels of one day from its hourly LAeq (index is the hour of the place); a period needs three quarters of its hours. */
export function noiseDay(laeq: readonly (number | undefined)[], hours: NoiseHours = euNoiseHours): NoiseDay {
  const of: Record<"day" | "evening" | "night", number[]> = { day: [], evening: [], night: [] };
  laeq.forEach((value, hourOfDay) => {
    if (value !== undefined) of[periodOf(hourOfDay, hours)].push(value);
  });
  const h = lengths(hours);
  const enough = (period: "day" | "evening" | "night") =>
    of[period].length >= 0.75 * h[period] ? equivalentLevel(of[period]) : undefined;
  const [lday, levening, lnight] = [enough("day"), enough("evening"), enough("night")];
  const whole = lday !== undefined && lnight !== undefined && (levening !== undefined || h.evening === 0);
  return {
    lday,
    levening,
    lnight,
    lden: whole ? lden({ day: lday, evening: levening ?? 0, night: lnight }, hours) : undefined,
    hours: laeq.filter((v) => v !== undefined).length,
  };
}

/** WHO Environmental Noise Guidelines for the European Region, 2018, in dB. */
export const whoNoise2018 = {
  road: { lden: 53, lnight: 45 },
  rail: { lden: 54, lnight: 44 },
  aircraft: { lden: 45, lnight: 40 },
  wind: { lden: 45 },
  leisure: { laeq24: 70 },
} as const;

/** GB 3096-2008: day (06-22) and night (22-06) LAeq in dB by class of place; a single night event may be 15 dB louder. */
export const gb3096 = {
  "0": { day: 50, night: 40 },
  "1": { day: 55, night: 45 },
  "2": { day: 60, night: 50 },
  "3": { day: 65, night: 55 },
  "4a": { day: 70, night: 55 },
  "4b": { day: 70, night: 60 },
} as const;
export const gb3096Hours: NoiseHours = { day: 6, evening: 22, night: 22 };
export const gb3096NightEvent = 15;

/**
 * One level held against one figure, to the 0.1 dB that levels are stated to: a printed 60.0 is not above 60. Neither WHO
 * 2018 nor GB 3096-2008 prescribes a rounding; the whole decibels of HJ 706-2014, 5.4, are for levels of a source
 * corrected for background, which these are not.
 */
export type NoiseFinding = {
  readonly figure: string;
  readonly level: number;
  readonly limit: number;
  readonly exceeded: boolean;
};

const finding = (figure: string, level: number | undefined, limit: number): NoiseFinding[] =>
  level === undefined ? [] : [{ figure, level, limit, exceeded: Math.round(level * 10) / 10 > limit }];

/** A day's levels against WHO's guideline for the source; what was not measured enough is left out. */
export const againstWho = (
  { lden: den, lnight }: Pick<NoiseDay, "lden" | "lnight">,
  source: "road" | "rail" | "aircraft",
): NoiseFinding[] => [
  ...finding("Lden", den, whoNoise2018[source].lden),
  ...finding("Lnight", lnight, whoNoise2018[source].lnight),
];

/** A day's levels by China's hours against the class of the place; `loudest` is the highest level of a night event. */
export const againstGb3096 = (
  { lday, lnight }: Pick<NoiseDay, "lday" | "lnight">,
  place: keyof typeof gb3096,
  loudest?: number,
): NoiseFinding[] => [
  ...finding("day", lday, gb3096[place].day),
  ...finding("night", lnight, gb3096[place].night),
  ...finding("night event", loudest, gb3096[place].night + gb3096NightEvent),
];

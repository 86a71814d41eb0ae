import type { AirChannel, AirLimit, Metric } from "@openkerb/contract";

/** Molar masses in g/mol of the gases that laws limit in mass and sensors measure in parts. */
const molarMass: Partial<Record<Metric, number>> = { no2: 46.0055, o3: 47.9982, so2: 64.0638, co: 28.0101 };
/** Litres of a mole of gas at 101.325 kPa: EU figures are stated at 293.15 K, Chinese and others at 298.15 K. */
const molarVolume = (law: AirLimit["law"]): number => 0.082057366 * (law.startsWith("eu-") ? 293.15 : 298.15);

/** A limit in the unit of a channel; nothing when one cannot be turned into the other. */
export function limitIn(
  limit: Pick<AirLimit, "law" | "pollutant" | "value">,
  channel: Pick<AirChannel, "metric" | "unit">,
): number | undefined {
  // µg/m³ of everything but CO, which the laws state in mg/m³.
  const micrograms = limit.pollutant === "co" ? limit.value * 1000 : limit.value;
  if (channel.unit === "ug/m3") return micrograms;
  if (channel.unit === "mg/m3") return micrograms / 1000;
  const mass = molarMass[channel.metric];
  if (mass === undefined) return undefined;
  const ppb = (micrograms * molarVolume(limit.law)) / mass;
  return channel.unit === "[ppb]" ? ppb : channel.unit === "[ppm]" ? ppb / 1000 : undefined;
}

/** Which figures a chart with such bins can be held against: hours against hours, days against days. */
export function statisticsFor(metric: Metric, span: number): readonly AirLimit["statistic"][] {
  if (span >= 86_400_000) return metric === "o3" ? ["mda8"] : ["day"];
  return metric === "o3" ? ["hour", "mda8"] : metric === "pm25" || metric === "pm10" ? ["day"] : ["hour"];
}

/** At most so many lines, the strictest of a law and WHO's guideline, so that the curve stays in sight. */
export function chosenLimits(limits: readonly AirLimit[], metric: Metric, span: number): AirLimit[] {
  const fitting = limits.filter((l) => l.pollutant === metric && statisticsFor(metric, span).includes(l.statistic));
  const own = fitting.filter(
    (l) => l.law !== "who-2021" && (l.level === "limit" || l.level === "target" || l.level === "grade-2"),
  );
  const who = fitting.filter((l) => l.law === "who-2021" && l.level === "aqg");
  return [...own, ...who].slice(0, 3);
}

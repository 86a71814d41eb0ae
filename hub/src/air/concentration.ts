import { type Sentence, say } from "@openkerb/contract";
import { compare, type Fraction, fraction, over, times, zero } from "./fraction.ts";

/** The pollutants that air quality indices know. */
export const pollutants = ["pm25", "pm10", "o3", "no2", "so2", "co"] as const;
export type Pollutant = (typeof pollutants)[number];

/** What a value is a mean of. `nowcast` is a NowCast standing for the mean the index is made for. */
export const averagings = ["1h", "8h", "24h", "nowcast"] as const;
export type Averaging = (typeof averagings)[number];

/** A mass per volume of gas means nothing without the temperature the volume is stated at. */
export type Unit =
  | { readonly kind: "mixing"; readonly perPart: Fraction }
  | { readonly kind: "mass"; readonly inMicrograms: Fraction; readonly kelvin: Fraction | undefined };

/**
 * EU law states gas volumes at 293 K and 101.3 kPa (2008/50/EC Annex VI C), US law at 25 °C and 760 mmHg (40 CFR 50.3),
 * China at 298.15 K and 1013.25 hPa since 2018-09-01 and at 273 K before (amendment of 13 August 2018 to GB 3095-2012,
 * 3.14). Whole degrees Celsius and 101.325 kPa are taken, as laboratories do; the difference is 0.03 %.
 */
export const referenceKelvin = {
  "273K": fraction("273.15"),
  "293K": fraction("293.15"),
  "298K": fraction("298.15"),
} as const;
export type ReferenceState = keyof typeof referenceKelvin;

/** One spelling of the many: `µg m⁻³`, `ug.m-3` and `UG/M^3` are `ug/m3`, `nmol/mol` and `ppbv` are `ppb`. */
const spelling = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[µμ]/g, "u")
    .replace("⁻³", "-3")
    .replaceAll("³", "3")
    .replace(/[[\]\s^·*]/g, "")
    .replace(/^([um])g[.]?m-3(?=@|$)/, "$1g/m3")
    .replace(/^(?:nmol\/mol|ppbv)(?=@|$)/, "ppb")
    .replace(/^(?:umol\/mol|ppmv)(?=@|$)/, "ppm")
    .replace(/@(\d+)\.15k$/, "@$1k");

/** Reads `ppb`, `ppm`, `ug/m3`, `mg/m3`, optionally with their state: `ug/m3@293K`. Parts of parts are the same in any. */
export function parseUnit(text: string): Unit | undefined {
  const [name, state] = spelling(text).split("@");
  const kelvin = referenceKelvin[state?.toUpperCase() as ReferenceState];
  if (state !== undefined && kelvin === undefined) return undefined;
  switch (name) {
    case "ppb":
      return { kind: "mixing", perPart: fraction(1) };
    case "ppm":
      return { kind: "mixing", perPart: fraction(1000) };
    case "ug/m3":
      return { kind: "mass", inMicrograms: fraction(1), kelvin };
    case "mg/m3":
      return { kind: "mass", inMicrograms: fraction(1000), kelvin };
    default:
      return undefined;
  }
}

// Molar masses in g/mol from the IUPAC standard atomic weights.
const molarMass: Readonly<Record<Pollutant, Fraction | undefined>> = {
  pm25: undefined,
  pm10: undefined,
  o3: fraction("47.997"),
  no2: fraction("46.005"),
  so2: fraction("64.058"),
  co: fraction("28.010"),
};
const gasConstant = fraction("8.314462618");
const kilopascal = fraction("101.325");

/** µg/m³ of one ppb: M·p/(R·T). NO2 gives 1.912 at 293 K and 1.880 at 298 K. */
export function microgramsPerPpb(gas: Pollutant, kelvin: Fraction): Fraction | undefined {
  const mass = molarMass[gas];
  return mass && over(times(mass, kilopascal), times(gasConstant, kelvin));
}

/** Which unit a rule set counts a pollutant in, and at which state. */
export type Wanted = { readonly unit: "ppb" | "ppm" | "ug/m3" | "mg/m3"; readonly state: ReferenceState };

export type Converted =
  | { readonly kind: "value"; readonly value: Fraction }
  | { readonly kind: "refused"; readonly why: Sentence };

/** The value in the unit and reference state a rule set asks for; a mass without a state is taken at the rule set's own. */
export function convert(value: Fraction, pollutant: Pollutant, unit: Unit, wanted: Wanted): Converted {
  const kelvin = referenceKelvin[wanted.state];
  const factor = (k: Fraction) => microgramsPerPpb(pollutant, k);
  const isParticle = molarMass[pollutant] === undefined;
  if (isParticle && (unit.kind === "mixing" || wanted.unit.startsWith("pp")))
    return { kind: "refused", why: say("index.no-mixing-ratio") };
  // Everything passes through µg/m³ at the wanted state, except when both sides are mixing ratios.
  if (wanted.unit === "ppb" || wanted.unit === "ppm") {
    const divisor = fraction(wanted.unit === "ppm" ? 1000 : 1);
    if (unit.kind === "mixing") return { kind: "value", value: over(times(value, unit.perPart), divisor) };
    const perPpb = factor(unit.kelvin ?? kelvin)!;
    return { kind: "value", value: over(over(times(value, unit.inMicrograms), perPpb), divisor) };
  }
  const divisor = fraction(wanted.unit === "mg/m3" ? 1000 : 1);
  if (unit.kind === "mixing")
    return { kind: "value", value: over(times(times(value, unit.perPart), factor(kelvin)!), divisor) };
  // Particles are counted at ambient conditions, so a state on them changes nothing.
  const expanded = isParticle || unit.kelvin === undefined ? fraction(1) : over(unit.kelvin, kelvin);
  return { kind: "value", value: over(times(times(value, unit.inMicrograms), expanded), divisor) };
}

export const belowZero = (value: Fraction): boolean => compare(value, zero) < 0;

import type { Metric } from "@openkerb/contract";

/** Between -1 and 1, the same for the same hour and seed: noise that can be played again. */
function rough(at: number, seed: number): number {
  let x = Math.imul(Math.floor(at), 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  x = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 31 - 1;
}

/** The same between whole steps without corners. */
function smooth(at: number, seed: number): number {
  const step = Math.floor(at);
  const part = at - step;
  const ease = part * part * (3 - 2 * part);
  return rough(step, seed) * (1 - ease) + rough(step + 1, seed) * ease;
}

/** How much of a peak of that hour and width (hours) is felt at an hour of the day. */
const peak = (hour: number, top: number, width: number): number => {
  const away = Math.min(Math.abs(hour - top), 24 - Math.abs(hour - top));
  return Math.exp(-0.5 * (away / width) ** 2);
};

/**
 * Air and noise of a street that does not exist, so that the demonstration has something to show where no sensor is
 * connected: rush hours, quieter weekends, still and windy days. Particles in µg/m³, gases in ppb, CO2 in ppm, noise in
 * dB. `at` is milliseconds since 1970.
 */
export function madeAir(at: number): Readonly<Record<MadeMetric, number>> {
  const hours = at / 3_600_000;
  const days = hours / 24;
  const hour = ((hours % 24) + 24) % 24;
  const weekend = [0, 6].includes(new Date(at).getUTCDay());
  const traffic =
    (weekend ? 0.55 : 1) * (0.12 + 0.9 * peak(hour, 8, 1.4) + 0.8 * peak(hour, 17.5, 2) + 0.45 * peak(hour, 13, 4));
  const still = 1 + 0.7 * smooth(days / 1.7, 1) + 0.35 * smooth(days * 2, 2);
  const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI));
  const little = (seed: number, share: number) =>
    1 + share * rough(hours * 60, seed) + share * smooth(hours * 2, seed + 50);
  const pm25 = Math.max(1, (5 + 7 * still ** 2 + 6 * traffic * still) * little(3, 0.05));
  const temperature = 9 + 4 * smooth(days / 3, 4) + 3.5 * Math.sin(((hour - 9) / 12) * Math.PI);
  const no2 = Math.max(1, (4 + 17 * traffic * still) * little(5, 0.06));
  const laeq = 49 + 15 * Math.log10(1 + 6 * traffic) + 1.2 * rough(hours * 60, 6) + 0.8 * smooth(hours * 4, 7);
  return {
    pm1: pm25 * 0.66,
    pm25,
    pm10: pm25 * 1.35 + 4 + 5 * traffic,
    co2: 418 + 45 * traffic * still,
    temperature,
    humidity: Math.min(98, Math.max(25, 78 - 2.4 * (temperature - 9) + 10 * smooth(days, 8))),
    so2: Math.max(0, 1.4 + still + 0.4 * rough(hours * 60, 9)),
    no2,
    co: 180 + 260 * traffic * still,
    o3: Math.max(1, (14 + 26 * sun * (1.3 - 0.4 * still) - 0.35 * no2) * little(10, 0.04)),
    laeq,
    lceq: laeq + 6.5 + rough(hours * 60, 11),
    lafmax: laeq + 11 + 4 * Math.abs(rough(hours * 60, 12)),
  };
}

/** What the sample sensors measure. */
export type MadeMetric = Extract<
  Metric,
  | "pm1"
  | "pm25"
  | "pm10"
  | "co2"
  | "temperature"
  | "humidity"
  | "so2"
  | "no2"
  | "co"
  | "o3"
  | "laeq"
  | "lceq"
  | "lafmax"
>;

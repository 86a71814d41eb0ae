import { association, type HourBeside } from "@openkerb/hub/air/association";
import { dice, normalOf } from "../dice.ts";
import type { Row } from "./row.ts";

const hour = 3_600_000;
const streets = 400;
const weeks = 5;
const slope = 0.04;

/** A made street: rush hours, quiet weekends, wind, and errors of which `lasting` is left an hour later. */
function street(seed: number, lasting: number): HourBeside[] {
  const random = dice(seed);
  const normal = normalOf(random);
  let [error, flow] = [normal(), normal()];
  return Array.from({ length: weeks * 168 }, (_, i) => {
    error = lasting * error + Math.sqrt(1 - lasting ** 2) * normal();
    flow = 0.6 * flow + 0.8 * normal();
    const clock = i % 24;
    const quiet = Math.floor(i / 24) % 7 >= 5 ? 0.6 : 1;
    const vehicles = Math.max(
      0,
      quiet * (120 + 300 * Math.exp(-((clock - 8) ** 2) / 8) + 340 * Math.exp(-((clock - 17) ** 2) / 10)) + 50 * flow,
    );
    const windSpeed = Math.abs(2.5 + 1.2 * normal());
    const value = 25 + 6 * Math.cos((clock - 7) / 3.8) - 2 * windSpeed + slope * vehicles + 5 * error;
    return { at: Date.UTC(2026, 0, 5) + i * hour, vehicles, value, windSpeed };
  });
}

/** Of how many made streets the 95 % interval holds the slope that was put in. */
export const associationRows = (): Row[] =>
  [0.3, 0.8].map((lasting): Row => {
    let held = 0;
    for (let seed = 1; seed <= streets; seed++) {
      const found = association(street(seed * 7919, lasting));
      if (found.kind === "none") continue;
      const [low, high] = found.interval;
      if (low <= 100 * slope && 100 * slope <= high) held++;
    }
    const share = (100 * held) / streets;
    return {
      what: `association with traffic: ${streets} made streets of ${weeks} weeks, errors lasting ${lasting}`,
      measured: `${share.toFixed(1)} % of the 95 % intervals hold what was put in`,
      least: "92 to 98 %",
      met: share >= 92 && share <= 98,
    };
  });

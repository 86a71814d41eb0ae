import { type AlertKind, hours, type Millis, minutes, type Severity, seconds } from "@openkerb/contract";

type KindFacts = {
  readonly severity: Severity;
  /**
   * When the same comes back this soon after its alert was closed, the old alert goes on instead of a new one: a flap
   * is one incident. Short for things in the street, where the next one is another vehicle.
   */
  readonly calm: Millis;
  /** Whether a repeat after `calm` asks for a new acknowledgement: somebody has seen that car, not this one. */
  readonly renews: boolean;
};

const equipment = { calm: minutes(5), renews: false };

/** What is fixed about each kind of alert. */
export const kinds: Readonly<Record<AlertKind, KindFacts>> = {
  "vehicle-stopped": { severity: "warning", calm: seconds(30), renews: true },
  "camera-down": { severity: "warning", ...equipment },
  "camera-frozen": { severity: "warning", ...equipment },
  "camera-dark": { severity: "notice", ...equipment },
  "detector-failed": { severity: "warning", ...equipment },
  "device-offline": { severity: "critical", ...equipment },
  "device-troubled": { severity: "warning", ...equipment },
  "data-lost": { severity: "warning", ...equipment },
  "clock-wrong": { severity: "warning", ...equipment },
  "device-doubled": { severity: "warning", ...equipment },
  "sensor-failed": { severity: "warning", ...equipment },
  // Air that is bad again the same night is the same bad air.
  "air-warning": { severity: "warning", calm: hours(12), renews: false },
};

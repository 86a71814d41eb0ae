import type { SensorState } from "@openkerb/contract";

/** Why a sensor gives no samples. */
export class SensorError extends Error {
  override name = "SensorError";
  readonly trouble: Extract<SensorState, "unplugged" | "busy" | "silent" | "refused" | "cut-off">;
  constructor(trouble: SensorError["trouble"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}

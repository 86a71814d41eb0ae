/** Why a sensor gives no samples. */
export class SensorError extends Error {
  override name = "SensorError";
  readonly trouble: "unplugged" | "silent" | "refused";
  constructor(trouble: SensorError["trouble"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}

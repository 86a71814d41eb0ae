/** `model`: the network cannot be loaded or does not fit; `inference`: it failed on a frame; `lost`: its thread ended. */
export type DetectorTrouble = "model" | "inference" | "lost" | "closed";

export class DetectorError extends Error {
  override name = "DetectorError";
  readonly trouble: DetectorTrouble;
  constructor(trouble: DetectorTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
  /** A new detector may do better after a lost thread or a failed run, not with a file that does not fit. */
  get passing(): boolean {
    return this.trouble === "inference" || this.trouble === "lost";
  }
}

import type { CameraTrouble } from "@openkerb/contract";

/** Why a camera gives no frames. The message never holds an address, a user or a password. */
export class CameraError extends Error {
  override name = "CameraError";
  readonly trouble: CameraTrouble;
  constructor(trouble: CameraTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}

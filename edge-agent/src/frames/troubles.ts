import type { CameraTrouble } from "@openkerb/contract";
import type { CameraError } from "./camera-error.ts";

type State = "starting" | "watching" | CameraTrouble;

/**
 * Keeps the book on what a camera suffers from, so that each trouble is told once when it begins and once when it ends.
 * At most one of them is why there are no frames; `frozen`, `dark` and `corrupt` may stand beside frames.
 */
export function troubles(
  onState: (state: State) => void = () => undefined,
  onTrouble: (trouble: CameraTrouble, active: boolean, why?: string) => void = () => undefined,
): {
  /** A frame came. */
  sees(): void;
  /** The camera failed for the `attempt`th time in a row. */
  failed(error: CameraError, attempt: number): void;
  /** Something is wrong with the pictures, or no longer. */
  set(trouble: CameraTrouble, active: boolean, why: string): void;
} {
  const active = new Set<CameraTrouble>();
  let blind: CameraTrouble | undefined;
  let state: State = "starting";
  let seen = false;

  function settle(): void {
    const next: State = blind ?? [...active][0] ?? (seen ? "watching" : "starting");
    if (next === state) return;
    state = next;
    onState(next);
  }

  function end(trouble: CameraTrouble): void {
    if (active.delete(trouble)) onTrouble(trouble, false);
  }

  return {
    sees() {
      if (state === "watching") return;
      seen = true;
      if (blind !== undefined) end(blind);
      blind = undefined;
      settle();
    },
    failed({ trouble, message }, attempt) {
      // A line that broke and is back at the next try is a restart, not a trouble; a stall has lasted long already.
      if (trouble === "unreachable" && attempt === 1 && seen && blind === undefined) return;
      if (blind !== undefined && blind !== trouble) end(blind);
      blind = trouble;
      if (!active.has(trouble)) {
        active.add(trouble);
        onTrouble(trouble, true, message);
      }
      settle();
    },
    set(trouble, now, why) {
      // While the camera gives nothing at all, that is the trouble, and it ends with the next frame.
      if (blind === trouble || active.has(trouble) === now) return;
      if (now) {
        active.add(trouble);
        onTrouble(trouble, true, why);
      } else end(trouble);
      settle();
    },
  };
}

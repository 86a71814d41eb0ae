import type { CameraId, Health, Instant } from "@openkerb/contract";

type CameraHealth = Health["cameras"][number];
export type CameraState = CameraHealth["state"];

/** What health says of one camera, fed by the flow as it goes. */
export type CameraGauge = {
  readonly frame: (at: Instant) => void;
  readonly dropped: () => void;
  readonly restarted: () => void;
  readonly inferred: (milliseconds: number) => void;
  readonly state: (state: CameraState) => void;
  /** A failed detector hides what the camera itself does. */
  readonly blind: (blind: boolean) => void;
  readonly read: () => CameraHealth;
};

/** Over how long frames a second are counted, milliseconds, and how many inferences the median is of. */
const span = 10_000;
const inferences = 101;

/** `now` is monotonic, milliseconds. */
export function cameraGauge(id: CameraId, now: () => number = () => performance.now()): CameraGauge {
  const began = now();
  let arrivals: number[] = [];
  let times: number[] = [];
  let drops = 0;
  let restarts = 0;
  let lastFrame: Instant | undefined;
  let current: CameraState = "starting";
  let blinded = false;
  const recent = (): number[] => {
    const since = now() - span;
    arrivals = arrivals.filter((at) => at > since);
    return arrivals;
  };
  return {
    frame: (at) => {
      lastFrame = at;
      // Should nobody read the gauge for long, it must not grow for ever.
      if (arrivals.push(now()) > 2000) recent();
    },
    dropped: () => void drops++,
    restarted: () => void restarts++,
    inferred: (milliseconds) => {
      times = [...times.slice(-(inferences - 1)), milliseconds];
    },
    state: (state) => {
      current = state;
    },
    blind: (blind) => {
      blinded = blind;
    },
    read: () => {
      const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
      const seconds = Math.min(span, Math.max(1000, now() - began)) / 1000;
      return {
        id,
        state: blinded && current === "watching" ? "detector-failed" : current,
        fps: Math.round((recent().length / seconds) * 10) / 10,
        dropped: drops,
        restarts,
        ...(lastFrame === undefined ? {} : { lastFrame }),
        ...(median === undefined ? {} : { inference: Math.round(median * 10) / 10 }),
      };
    },
  };
}

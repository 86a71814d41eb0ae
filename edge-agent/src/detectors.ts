import { type CameraId, type Millis, type SiteCamera, Trouble } from "@openkerb/contract";
import { checkSize, type Fit, openModel, type Size, viewFor } from "@openkerb/vision";
import type { Detector } from "./detector/detector.ts";
import { DetectorError } from "./detector/detector-error.ts";
import { onnxDetector } from "./detector/onnx-detector.ts";
import type { SizeChoice } from "./frames/frames.ts";
import { type Mending, mendedDetector } from "./mended-detector.ts";
import { weakShare } from "./tracks/tracker.ts";

/** A detector with what it wants to be shown of a picture and the score from which its detections are believed. */
export type Eye = {
  readonly detector: Detector;
  readonly size: SizeChoice;
  /** How pictures are fitted into a size that the camera asks for. */
  readonly fit?: Fit | undefined;
  /** Throws Trouble when the network cannot take the size that a camera asks for. */
  readonly check?: (size: Size, said: string) => void;
  readonly sure?: number | undefined;
};
export type OpenEye = (choice: Pick<SiteCamera, "model" | "threshold">, mending: Mending) => Promise<Eye>;

/** Opens a network. Throws Trouble when it is missing, damaged or does not fit: a person has to mend that. */
export const openEye: OpenEye = async ({ model: name, threshold }, mending) => {
  const model = await openModel(name);
  try {
    const sure = threshold ?? model.manifest.threshold;
    // Weaker detections too: the tracker continues what it follows with them, and begins nothing.
    const detector = await mendedDetector(() => onnxDetector({ model, threshold: sure * weakShare }), mending);
    const { fit } = model.manifest.input;
    const { manifest } = model;
    const check: Eye["check"] = (asked, said) => checkSize(asked, manifest, said);
    return { detector, sure, fit, check, size: (picture) => viewFor(picture, manifest) };
  } catch (err) {
    if (!(err instanceof DetectorError)) throw err;
    throw new Trouble(err.message, `openkerb models check ${name} tells more`, { cause: err });
  }
};

/** The eyes of all cameras. */
export type Eyes = AsyncDisposable & {
  readonly of: (camera: SiteCamera) => Eye;
  readonly all: readonly Detector[];
};

/** Told which cameras a failure or recovery concerns. */
export type EyesTold = {
  readonly signal: AbortSignal;
  readonly onFailed: (cameras: readonly CameraId[], model: string, err: DetectorError, pause: Millis) => void;
  readonly onMended: (cameras: readonly CameraId[], model: string) => void;
};

/** One detector for all cameras that want the same of a network, which serves them in turn. */
export async function openEyes(cameras: readonly SiteCamera[], open: OpenEye, told: EyesTold): Promise<Eyes> {
  const key = ({ model, threshold }: SiteCamera): string => `${model} ${threshold ?? ""}`;
  const eyes = new Map<string, Eye>();
  const close = async (): Promise<void> => {
    await Promise.all([...eyes.values()].map(({ detector }) => detector[Symbol.asyncDispose]()));
  };
  try {
    for (const camera of cameras) {
      if (eyes.has(key(camera))) continue;
      const sharing = cameras.filter((other) => key(other) === key(camera)).map(({ id }) => id);
      const eye = await open(camera, {
        signal: told.signal,
        onFailed: (err, pause) => told.onFailed(sharing, camera.model, err, pause),
        onMended: () => told.onMended(sharing, camera.model),
      });
      eyes.set(key(camera), eye);
    }
    for (const camera of cameras)
      if (camera.size) eyes.get(key(camera))?.check?.(camera.size, `size of camera ${camera.id}`);
  } catch (err) {
    await close();
    throw err;
  }
  return {
    of: (camera) => {
      const eye = eyes.get(key(camera));
      if (!eye) throw new Error(`no detector was opened for camera ${camera.id}`);
      return { ...eye, size: camera.size ? { ...camera.size, fit: eye.fit } : eye.size };
    },
    all: [...eyes.values()].map(({ detector }) => detector),
    [Symbol.asyncDispose]: close,
  };
}

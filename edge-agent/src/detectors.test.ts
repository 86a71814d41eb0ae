import { SiteCamera } from "@openkerb/contract";
import { expect, it } from "vitest";
import { scriptedDetector } from "./detector/scripted-detector.ts";
import { type OpenEye, openEyes } from "./detectors.ts";

it("fits pictures as the network wants them, also when the camera asks for a size of its own", async () => {
  const camera = (id: string, more: object = {}): SiteCamera =>
    SiteCamera.parse({ id, name: id, url: `rtsp://127.0.0.1/${id}`, ...more });
  const cameras = [camera("usual"), camera("own", { size: { width: 640, height: 640 } })] as const;
  const suiting = { width: 320, height: 192, fit: "stretch" } as const;
  const open: OpenEye = async () => ({ detector: scriptedDetector([]), size: () => suiting, fit: "stretch" });
  const told = { signal: new AbortController().signal, onFailed: () => undefined, onMended: () => undefined };
  await using eyes = await openEyes(cameras, open, told);
  const { size } = eyes.of(cameras[0]);
  expect(typeof size === "function" && size({ width: 1920, height: 1080 })).toEqual(suiting);
  expect(eyes.of(cameras[1]).size).toEqual({ width: 640, height: 640, fit: "stretch" });
});

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SiteCamera } from "@openkerb/contract";
import { buildModels } from "@openkerb/vision";
import { expect, it, vi } from "vitest";
import { scriptedDetector } from "./detector/scripted-detector.ts";
import { type OpenEye, openEye, openEyes } from "./detectors.ts";

const camera = (id: string, more: object = {}): SiteCamera =>
  SiteCamera.parse({ id, name: id, url: `rtsp://127.0.0.1/${id}`, ...more });
const told = { signal: new AbortController().signal, onFailed: () => undefined, onMended: () => undefined };

it("says before anything starts that a camera asks for a size that the network cannot take", async () => {
  const home = await mkdtemp(join(tmpdir(), "eyes-"));
  vi.stubEnv("OPENKERB_HOME", home);
  try {
    await buildModels({ names: ["centernet6"] });
    const cameras = [camera("usual"), camera("own", { size: { width: 650, height: 480 } })];
    await expect(openEyes(cameras, openEye, told)).rejects.toMatchObject({
      message: "centernet6 takes sizes in steps of 32, not 650x480.",
      next: "Try size of camera own 640x480.",
    });
  } finally {
    vi.unstubAllEnvs();
    await rm(home, { recursive: true, force: true });
  }
});

it("fits pictures as the network wants them, also when the camera asks for a size of its own", async () => {
  const cameras = [camera("usual"), camera("own", { size: { width: 640, height: 640 } })] as const;
  const suiting = { width: 320, height: 192, fit: "stretch" } as const;
  const open: OpenEye = async () => ({ detector: scriptedDetector([]), size: () => suiting, fit: "stretch" });
  await using eyes = await openEyes(cameras, open, told);
  const { size } = eyes.of(cameras[0]);
  expect(typeof size === "function" && size({ width: 1920, height: 1080 })).toEqual(suiting);
  expect(eyes.of(cameras[1]).size).toEqual({ width: 640, height: 640, fit: "stretch" });
});

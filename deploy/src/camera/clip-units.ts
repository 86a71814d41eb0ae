import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { packetsOf, parameterSets } from "./h264.ts";

/** One picture (or piece of sound), cut into RTP payloads. Times in ticks of the track's clock from the clip's start. */
export type Unit = {
  /** When it is sent. */
  readonly due: number;
  /** What its RTP timestamp says; differs from `due` where pictures are sent out of order. */
  readonly shown: number;
  readonly key: boolean;
  readonly payloads: readonly Uint8Array[];
};

/** Everything a camera sends: one clip that is repeated without a seam. */
export type Track = {
  readonly media: "video" | "audio";
  readonly payloadType: number;
  readonly clock: number;
  /** Lines of the SDP below `m=`. */
  readonly attributes: readonly string[];
  readonly units: readonly Unit[];
  /** Length of one round in ticks. */
  readonly round: number;
};

const run = promisify(execFile);
const clock = 90_000;

/**
 * Reads a clip's H.264 into RTP payloads, once, so that serving costs next to nothing. ffmpeg only takes the file
 * apart; nothing is encoded. Throws Trouble when the clip's video is not H.264.
 */
export async function clipUnits(clip: string): Promise<Track> {
  const folder = await mkdtemp(join(tmpdir(), "openkerb-clip-"));
  try {
    const stream = join(folder, "video.h264");
    const copy = ["-map", "0:v:0", "-c:v", "copy", "-bsf:v", "h264_mp4toannexb"];
    const words = ["-v", "error", "-nostdin", "-i", clip, ...copy, "-f", "h264", stream, ...copy];
    const list = await run("ffmpeg", [...words, "-f", "framecrc", "pipe:1"], { maxBuffer: 1 << 28 }).catch((cause) => {
      throw new Trouble(`the camera cannot serve ${clip}`, "It needs a video file with H.264 in it.", { cause });
    });
    return track(await readFile(stream), list.stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `list` is ffmpeg's framecrc: a line for each packet with stream, dts, pts, duration, size. */
function track(stream: Uint8Array, list: string): Track {
  const base = /^#tb 0: (\d+)\/(\d+)$/m.exec(list);
  const ticks = (clock * Number(base?.[1])) / Number(base?.[2]);
  const rows = [...list.matchAll(/^0,\s*(-?\d+),\s*(-?\d+),\s*(\d+),\s*(\d+),/gm)].map((row) =>
    row.slice(1).map(Number),
  );
  const first = rows[0]?.[0];
  if (first === undefined) throw new Trouble("the clip has no pictures in it");
  const units: Unit[] = [];
  let at = 0;
  for (const [dts = 0, pts = 0, , size = 0] of rows) {
    const cut = packetsOf(stream.subarray(at, at + size));
    at += size;
    units.push({ due: Math.round((dts - first) * ticks), shown: Math.round((pts - first) * ticks), ...cut });
  }
  const [firstUnit] = units;
  if (!firstUnit?.key) throw new Trouble("the clip does not begin with a whole picture");
  const steps = units.slice(1).map((unit, i) => unit.due - (units[i]?.due ?? 0));
  // The last picture stays as long as a usual one, whatever the file says of it.
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? clock / 25;
  const sets = parameterSets(stream.subarray(0, rows[0]?.[3]));
  return {
    media: "video",
    payloadType: 96,
    clock,
    attributes: [
      `a=rtpmap:96 H264/${clock}`,
      `a=fmtp:96 packetization-mode=1;profile-level-id=${sets.profile};sprop-parameter-sets=${sets.base64}`,
    ],
    units,
    round: (units.at(-1)?.due ?? 0) + usual,
  };
}

/** A track of silence (PCMU), for a device that answers RTSP and has no picture. */
export function silence(): Track {
  const payload = new Uint8Array(160).fill(0xff);
  return {
    media: "audio",
    payloadType: 0,
    clock: 8000,
    attributes: ["a=rtpmap:0 PCMU/8000"],
    units: [{ due: 0, shown: 0, key: true, payloads: [payload] }],
    round: 160,
  };
}

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { formatOfH264, packetsOfH264 } from "./h264.ts";
import { formatOfH265, packetsOfH265 } from "./h265.ts";
import { packetsOfJpeg } from "./jpeg.ts";
import type { Packets } from "./nal-units.ts";

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

/** How one kind of video crosses RTP. */
type Coding = {
  /** ffmpeg's words that give the bare stream. */
  readonly bare: readonly string[];
  readonly payloadType: number;
  /** Its name in the SDP. */
  readonly name: string;
  readonly packets: (unit: Uint8Array) => Packets;
  /** What the SDP tells of a stream that begins with this unit. */
  readonly format?: (first: Uint8Array) => string;
};

const codings: Readonly<Record<string, Coding>> = {
  h264: {
    ...{ bare: ["-bsf:v", "h264_mp4toannexb", "-f", "h264"], payloadType: 96, name: "H264" },
    ...{ packets: packetsOfH264, format: formatOfH264 },
  },
  hevc: {
    ...{ bare: ["-bsf:v", "hevc_mp4toannexb", "-f", "hevc"], payloadType: 96, name: "H265" },
    ...{ packets: packetsOfH265, format: formatOfH265 },
  },
  mjpeg: { bare: ["-f", "mjpeg"], payloadType: 26, name: "JPEG", packets: packetsOfJpeg },
};

/**
 * Reads a clip's H.264, H.265 or JPEG pictures into RTP payloads, once, so that serving costs next to nothing. ffmpeg
 * only takes the file apart; nothing is encoded. Throws Trouble when the clip's video is of another kind.
 */
export async function clipUnits(clip: string): Promise<Track> {
  const folder = await mkdtemp(join(tmpdir(), "openkerb-clip-"));
  const refuse = (cause?: unknown): never => {
    throw new Trouble(`the camera cannot serve ${clip}`, "It needs a video file with H.264, H.265 or MJPEG in it.", {
      cause,
    });
  };
  try {
    const asked = ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=codec_name", "-of", "csv=p=0"];
    const { stdout } = await run("ffprobe", [...asked, clip]).catch(refuse);
    const coding = codings[stdout.trim()] ?? refuse();
    const stream = join(folder, "video");
    const copy = ["-map", "0:v:0", "-c:v", "copy"];
    const filter = coding.bare.slice(0, -2);
    const words = ["-v", "error", "-nostdin", "-i", clip, ...copy, ...coding.bare, stream, ...copy, ...filter];
    const list = await run("ffmpeg", [...words, "-f", "framecrc", "pipe:1"], { maxBuffer: 1 << 28 }).catch(refuse);
    return track(await readFile(stream), list.stdout, coding);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `list` is ffmpeg's framecrc: a line for each packet with stream, dts, pts, duration, size. */
function track(stream: Uint8Array, list: string, { packets, format, payloadType, name }: Coding): Track {
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
    const cut = packets(stream.subarray(at, at + size));
    at += size;
    units.push({ due: Math.round((dts - first) * ticks), shown: Math.round((pts - first) * ticks), ...cut });
  }
  const [firstUnit] = units;
  if (!firstUnit?.key) throw new Trouble("the clip does not begin with a whole picture");
  const steps = units.slice(1).map((unit, i) => unit.due - (units[i]?.due ?? 0));
  // The last picture stays as long as a usual one, whatever the file says of it.
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? clock / 25;
  const told = format?.(stream.subarray(0, rows[0]?.[3]));
  return {
    media: "video",
    payloadType,
    clock,
    attributes: [
      `a=rtpmap:${payloadType} ${name}/${clock}`,
      ...(told === undefined ? [] : [`a=fmtp:${payloadType} ${told}`]),
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

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** For tests: makes a clip from one of ffmpeg's own picture generators, e.g. `testsrc=size=320x240:rate=10:duration=2`. */
export async function makeClip(path: string, source: string, ...encoding: readonly string[]): Promise<string> {
  const codec = encoding.includes("-c:v") ? [] : ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source, ...codec, ...encoding, path]);
  return path;
}

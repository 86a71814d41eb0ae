import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { type Millis, millis, Trouble } from "@openkerb/contract";
import { oneBufferPipe } from "./one-buffer-pipe.ts";

/** A running ffmpeg or ffprobe. Disposing it ends it: asked first, then killed. */
export type Child = AsyncDisposable & {
  readonly pid: number;
  /** What it writes. Must be drained, or it stands still. */
  readonly output: Readable;
  /** Settles when the process is gone and its last words were heard; never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** A decoder has nothing to save; ffmpeg that waits for its input hears a first SIGTERM only when some comes. */
const patience: Millis = millis(250);

/**
 * The only variables a child sees. The agent's own environment may hold the camera's password, and a child's
 * environment is there for everybody of this user to read.
 */
function childEnvironment(own: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const passed = ["PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR"] as const;
  return { LC_ALL: "C", ...Object.fromEntries(passed.flatMap((name) => (own[name] ? [[name, own[name]]] : []))) };
}

/**
 * Starts a program of the ffmpeg family. Each line it says on stderr goes to `heard`. With `read` its output comes in
 * pieces that are only valid during the call; `output` then gives no data, but is paused, resumed and ends all the same.
 */
export async function startChild(
  program: "ffmpeg" | "ffprobe",
  args: readonly string[],
  heard: (line: string) => void,
  read?: (chunk: Uint8Array) => void,
): Promise<Child> {
  const pipe = read && (await oneBufferPipe(read));
  const child = spawn(program, args, { stdio: ["ignore", pipe?.far ?? "pipe", "pipe"], env: childEnvironment() });
  pipe?.far.destroy();
  const output = pipe?.near.resume() ?? (child.stdout as Readable);
  const { pid } = child;
  if (pid === undefined) {
    output.destroy();
    const [cause] = await once(child, "error");
    throw new Trouble(
      `${program} could not be started`,
      "Install it with: sudo apt-get install ffmpeg",
      cause instanceof Error ? { cause } : undefined,
    );
  }
  const lines = createInterface({ input: child.stderr as Readable });
  lines.on("line", heard);
  const drained = new Promise((resolve) => output.once("close", resolve));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => {
      lines.close();
      void drained.then(() => resolve({ code, signal }));
    });
  });
  // Without a listener a late failure to signal the child would end the agent.
  child.on("error", () => undefined);
  output.on("error", () => undefined);
  return {
    pid,
    output,
    ended,
    [Symbol.asyncDispose]: () => end(child, output, ended),
  };
}

/** A child that is stopped, hung in a driver or deaf to SIGTERM only goes with SIGKILL. */
async function end(child: ChildProcess, output: Readable, ended: Promise<unknown>): Promise<void> {
  output.destroy();
  if (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    const gone = new AbortController();
    await Promise.race([
      ended.then(() => gone.abort()),
      wait(patience, undefined, { signal: gone.signal, ref: false }).catch(() => undefined),
    ]);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
  await ended;
}

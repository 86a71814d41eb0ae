import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { type Millis, millis, Trouble } from "@openkerb/contract";

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

/** Starts a program of the ffmpeg family. Each line it says on stderr goes to `heard`. */
export async function startChild(
  program: "ffmpeg" | "ffprobe",
  args: readonly string[],
  heard: (line: string) => void,
): Promise<Child> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: childEnvironment() });
  const { stdout, stderr, pid } = child;
  if (pid === undefined) {
    const [cause] = await once(child, "error");
    throw new Trouble(
      `${program} could not be started`,
      "Install it with: sudo apt-get install ffmpeg",
      cause instanceof Error ? { cause } : undefined,
    );
  }
  const lines = createInterface({ input: stderr });
  lines.on("line", heard);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => {
      lines.close();
      resolve({ code, signal });
    });
  });
  // Without a listener a late failure to signal the child would end the agent.
  child.on("error", () => undefined);
  stdout.on("error", () => undefined);
  return {
    pid,
    output: stdout,
    ended,
    [Symbol.asyncDispose]: () => end(child, ended),
  };
}

/** A child that is stopped, hung in a driver or deaf to SIGTERM only goes with SIGKILL. */
async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.stdout?.destroy();
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

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Trouble } from "@openkerb/contract";

const openkerb = fileURLToPath(new URL("../../openkerb.mjs", import.meta.url));

export type Running = AsyncDisposable & {
  readonly pid: number;
  /** Rejects with a Trouble when the process ends before it is disposed of. */
  readonly ended: Promise<never>;
};

/** Starts an `openkerb` command as a process of its own; disposing of it asks it to end and insists after 6 s. */
export function startCommand(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Running {
  const child = spawn(process.execPath, [openkerb, name, ...args], { stdio: ["ignore", "inherit", "inherit"], env });
  let wanted = false;
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (!wanted)
        reject(
          new Trouble(
            `the ${name} process ended by itself (${signal ?? `code ${code}`}).`,
            "Its last lines above say why.",
          ),
        );
    });
  });
  // Whoever races this promise hears of it; nobody has to.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    async [Symbol.asyncDispose]() {
      wanted = true;
      await endOf(child);
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), 6000);
  await gone;
  clearTimeout(insist);
}

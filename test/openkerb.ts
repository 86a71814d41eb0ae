import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../deploy/openkerb.mjs", import.meta.url));

export type Answer = { readonly out: string; readonly err: string; readonly code: number | null };

/** Starts the `openkerb` command as a person would. */
export const startOpenkerb = (args: readonly string[]) => {
  const child = spawn(process.execPath, [command, ...args]);
  // A command that refuses its input early closes it.
  child.stdin.on("error", () => {});
  return child;
};

/** Runs the `openkerb` command on what is given as its input, and tells what it prints and how it ends. */
export async function openkerb(args: readonly string[], input: string | Uint8Array = ""): Promise<Answer> {
  const child = startOpenkerb(args);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number | null>((go) => child.on("close", go));
  return { out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString(), code };
}

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url));

/** Runs the command as an evaluator would, with text on its standard input, and gives what it prints. */
export async function openkerb(args: readonly string[], input = ""): Promise<string> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const out: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise((go) => child.on("close", go));
  if (code !== 0) throw new Error(`openkerb ${args.join(" ")} ended with ${code}`);
  return Buffer.concat(out).toString();
}

/** The rows of a CSV answer by the names of its heading. Our own answers quote only cells with commas. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [heading, ...lines] = csv.trimEnd().split("\n");
  const cells = (line: string) =>
    line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.map((c) => c.replace(/,$/, "").replace(/^"|"$/g, ""));
  const names = cells(heading!);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i]!, cell])));
}

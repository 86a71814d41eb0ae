import { once } from "node:events";
import { readFileSync } from "node:fs";
import { openkerb, startOpenkerb } from "../../openkerb.ts";

/** What the command prints on standard output. Throws when it fails. */
export async function printed(args: readonly string[], input = ""): Promise<string> {
  const { out, err, code } = await openkerb(args, input);
  if (code !== 0) throw new Error(`openkerb ${args.join(" ")} ended with ${code}: ${err}`);
  return out;
}

/**
 * Runs the command over input that is made while it reads, throws away what it prints, and tells the most memory it held,
 * bytes; Linux keeps that figure while the process is there.
 */
export async function streamed(args: readonly string[], input: Iterable<string>): Promise<{ peak: number }> {
  const child = startOpenkerb(args);
  child.stderr.pipe(process.stderr);
  let peak = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended, or this is no Linux.
    }
  };
  const ended = new Promise((go) => child.on("close", go));
  child.stdout.on("data", () => {});
  const clock = setInterval(look, 200);
  for (const text of input) if (!child.stdin.write(text)) await once(child.stdin, "drain");
  child.stdin.end();
  const code = await ended;
  clearInterval(clock);
  if (code !== 0) throw new Error(`openkerb ${args.join(" ")} ended with ${code}`);
  return { peak };
}

/** The rows of a CSV answer by the names of its heading. Our own answers quote only cells with commas. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [heading, ...lines] = csv.trimEnd().split("\n");
  const cells = (line: string) =>
    line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)!.map((c) => c.replace(/,$/, "").replace(/^"|"$/g, ""));
  const names = cells(heading!);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i]!, cell])));
}

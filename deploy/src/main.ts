import { Trouble } from "@openkerb/contract";
import { commands } from "./commands.ts";

/** Runs one `openkerb` command line. Sets the exit code: 0 done, 1 something went wrong, 2 the command line was wrong. */
export async function main(args: readonly string[]): Promise<void> {
  const [name, ...rest] = args;
  // A reader that closes early (`| head`) ends the command quietly, as it does for every other tool.
  process.stdout.on("error", (err: NodeJS.ErrnoException) => {
    if (err.code === "EPIPE") process.exit();
    throw err;
  });
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(await overview());
    return;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    console.error(`openkerb: there is no command "${name}".\n  See: openkerb --help`);
    process.exitCode = 2;
    return;
  }
  const command = await load();
  if (rest.includes("--help") || rest.includes("-h")) {
    console.log((command.helpOf ? await command.helpOf(rest) : command.help).trim());
    return;
  }
  await withSignals((signal) => command.run(rest, signal)).catch((err: unknown) => tell(name, err));
}

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => `  ${name.padEnd(9)} ${(await load()).summary}`),
  );
  return `openkerb: city streets, measured without watching people\n\nUsage: openkerb <command> [options]\n\n${lines.join("\n")}\n\nopenkerb <command> --help tells the rest.`;
}

/** The first ctrl-c asks for an orderly end; a second one does not wait for it. */
async function withSignals(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const end = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  try {
    await work(stop.signal);
  } finally {
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}

/** A Trouble is told in words; a wrong option too; anything else is a fault of ours and shows where. */
function tell(name: string, err: unknown): void {
  if (err instanceof Trouble) {
    console.error(`openkerb ${name}: ${err.message}${err.next ? `\n  ${err.next}` : ""}`);
    process.exitCode = 1;
  } else if (err instanceof TypeError && "code" in err && String(err.code).startsWith("ERR_PARSE_ARGS")) {
    console.error(`openkerb ${name}: ${err.message}\n  See: openkerb ${name} --help`);
    process.exitCode = 2;
  } else {
    console.error(err);
    process.exitCode = 1;
  }
}

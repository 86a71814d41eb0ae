import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CityId } from "@openkerb/contract";
import { load } from "./load.ts";

const script = fileURLToPath(new URL("./side-process.ts", import.meta.url));

export type Side = AsyncDisposable & {
  readonly port: number;
  readonly pageUrl: string;
  /** `late`: by how many milliseconds the main thread was late for 99 of 100 timers since it was told to begin. */
  ask(question: "begin" | "end"): Promise<{ stored: number; cpu: number; late: number }>;
};

/** Starts the hub or the bare loop on the first core and nothing else; the load comes from the others. */
export async function openSide(kind: "hub" | "bare", folder?: string, still?: number): Promise<Side> {
  const more = folder === undefined ? [] : [folder, ...(still === undefined ? [] : [String(still)])];
  const child: ChildProcess = spawn(
    "taskset",
    ["-c", "0", process.execPath, "--import", "tsx", script, kind, ...more],
    {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  const [{ port, pageUrl }] = (await once(child, "message")) as [{ port: number; pageUrl: string }];
  return {
    port,
    pageUrl,
    async ask(question) {
      child.send(question);
      const [answer] = await once(child, "message");
      return answer as { stored: number; cpu: number; late: number };
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

export type Speed = {
  /** Events a second from the first byte sent to the last commit, and for the hub to the last ack. */
  readonly rate: number;
  /** Processor time of one event, microseconds. */
  readonly cpu: number;
};

/** As many events as it can take, in messages of `batch`, after a warm-up half as long. */
export async function measure(kind: "hub" | "bare", batch: number, events: number): Promise<Speed> {
  await using side = await openSide(kind);
  const options = {
    port: side.port,
    city: "bench" as CityId,
    devices: 8,
    batch,
    window: Math.max(2000, batch * 20),
    acks: kind === "hub",
  };
  await load({ ...options, events: events / 2, devices: 4 });
  const before = await side.ask("begin");
  const { seconds, events: sent } = await load({ ...options, events });
  const began = performance.now();
  let after = await side.ask("end");
  while (after.stored < before.stored + sent) after = await side.ask("end");
  return { rate: sent / (seconds + (performance.now() - began) / 1000), cpu: (after.cpu / sent) * 1e6 };
}

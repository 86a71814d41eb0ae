import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { numberOf } from "@openkerb/edge-agent";
import Sqlite from "better-sqlite3";
import { freePort, mosquittoBroker, type TestBroker } from "../whole/agent/brokers.ts";

const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));
const boxScript = fileURLToPath(new URL("./uplink-process.ts", import.meta.url));

export type Victim = "box" | "hub" | "broker";
export type Killing = {
  readonly broker: "embedded" | "mosquitto";
  readonly kills: number;
  readonly events: number;
  /** Events a second that the box makes while it lives. */
  readonly rate: number;
  /** Numbers from 0 to 1 that decide who dies when. */
  readonly random: () => number;
  readonly tell?: (line: string) => void;
};
export type Outcome = {
  readonly killed: Readonly<Record<Victim, number>>;
  /** Items the box had on its disk: the events, and perhaps answers to the hub's questions. */
  readonly made: number;
  readonly stored: number;
  readonly lost: number;
  readonly twice: number;
  /** Rows whose content is not what was made under that number. */
  readonly wrong: number;
  /** What the hub believes to be missing. */
  readonly missing: number;
};

/**
 * A real box process, a real hub process and perhaps a real mosquitto; one after another is killed with -9 while
 * events flow, at moments spread over the whole flow, and started again. At the end the hub's database is read.
 */
export async function killing(options: Killing): Promise<Outcome> {
  const { kills, events, rate, random, tell = () => {} } = options;
  const folder = await mkdtemp(join(tmpdir(), "openkerb-killing-"));
  const port = await freePort();
  await using outer = options.broker === "mosquitto" ? await mosquittoBroker() : undefined;
  const url = outer?.url ?? `mqtt://127.0.0.1:${port}`;
  const config = join(folder, "hub.json");
  await writeFile(
    config,
    JSON.stringify({
      version: 1,
      city: "demo",
      data: "hub",
      page: { port: await freePort() },
      broker: outer ? { kind: "external", url } : { kind: "embedded", port },
    }),
  );

  const box = phoenix([
    boxScript,
    "--hub",
    url,
    "--data",
    join(folder, "box"),
    "--count",
    `${events}`,
    "--rate",
    `${rate}`,
  ]);
  const hub = phoenix([openkerb, "hub", "--config", config]);
  const victims: Record<Victim, { kill(): Promise<void> }> = { box, hub, broker: { kill: () => again(outer) } };
  const living: Victim[] = outer ? ["box", "hub", "broker"] : ["box", "hub"];
  const killed = { box: 0, hub: 0, broker: 0 };
  const progress = { confirmed: 0, drained: 0 };
  box.onLine = (line) => {
    const said = JSON.parse(line) as { confirmed?: number; drained?: number };
    progress.confirmed = Math.max(progress.confirmed, said.confirmed ?? 0);
    progress.drained = said.drained ?? progress.drained;
  };
  try {
    hub.start();
    box.start();
    const moments = Array.from({ length: kills }, () => Math.floor(random() * events)).sort((a, b) => a - b);
    let last = 0;
    for (const [n, moment] of moments.entries()) {
      // Something must have moved since the last death, or a process is only killed while it starts.
      const due = Math.min(events, Math.max(moment, last + 20));
      await until(() => progress.confirmed >= due || progress.drained > 0, 120_000, "the box makes no progress");
      await wait(random() * 300);
      const victim = living[n < living.length ? n : Math.floor(random() * living.length)] as Victim;
      killed[victim]++;
      last = progress.confirmed;
      tell(`${n + 1}: ${victim} dies at ${progress.confirmed} of ${events}`);
      await victims[victim].kill();
    }
    await until(() => progress.drained > 0, 180_000, "the box never gets rid of what it has");
    await hub.stop();
    return { killed, made: progress.drained, ...(await readStore(join(folder, "hub"), progress.drained)) };
  } finally {
    await Promise.all([box.stop(), hub.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function readStore(folder: string, made: number): Promise<Omit<Outcome, "killed" | "made">> {
  const file = (await readdir(folder)).find((name) => name.endsWith(".sqlite"));
  const database = new Sqlite(join(folder, file ?? "none"), { readonly: true });
  const rows = database
    .prepare<[], { sequence: number; at: number }>(
      "SELECT e.sequence, e.at FROM events e JOIN streams s ON s.id = e.stream",
    )
    .all();
  const missing = database.prepare<[], number>("SELECT count(*) FROM missing").pluck().get() ?? 0;
  database.close();
  const answers = rows.filter((row) => numberOf(row) === 0).length;
  const seen = new Set(rows.map((row) => row.sequence));
  return {
    stored: rows.length,
    lost: Array.from({ length: made }, (_, n) => n + 1).filter((n) => !seen.has(n)).length,
    twice: rows.length - seen.size,
    // An answer bears the number 0 and moves what comes after it in the same life by one.
    wrong: rows.filter((row) => numberOf(row) !== 0 && Math.abs(row.sequence - numberOf(row)) > answers).length,
    missing,
  };
}

async function again(broker: TestBroker | undefined): Promise<void> {
  await broker?.kill();
  await broker?.start();
}

/** A process that begins again after every death, until it is told to stop or ends by itself in order. */
function phoenix(args: readonly string[]) {
  let child: ChildProcess | undefined;
  let wanted = false;
  const self = {
    onLine: (_line: string): void => {},
    start(): void {
      wanted = true;
      const fresh = spawn(process.execPath, ["--import", "tsx", ...args], { stdio: ["ignore", "pipe", "pipe"] });
      child = fresh;
      let complaints = "";
      fresh.stderr.on("data", (data) => {
        complaints = (complaints + data).slice(-2000);
      });
      createInterface({ input: fresh.stdout }).on("line", (line) => self.onLine(line));
      fresh.on("exit", (code, signal) => {
        if (code !== 0 && signal !== "SIGKILL" && signal !== "SIGTERM") console.error(complaints);
        if (child === fresh) child = undefined;
        if (wanted && code !== 0) self.start();
      });
    },
    async kill(): Promise<void> {
      const victim = child;
      if (!victim) return;
      const gone = once(victim, "exit");
      victim.kill("SIGKILL");
      await gone;
    },
    async stop(): Promise<void> {
      wanted = false;
      const last = child;
      if (!last) return;
      const gone = once(last, "exit");
      last.kill("SIGTERM");
      const stubborn = setTimeout(() => last.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(stubborn);
    },
  };
  return self;
}

async function until(ready: () => boolean, patience: number, complaint: string): Promise<void> {
  const end = performance.now() + patience;
  while (!ready()) {
    if (performance.now() > end) throw new Error(complaint);
    await wait(10);
  }
}

/** The same numbers for the same seed, so that a bad run can be had again. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

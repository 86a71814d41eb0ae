// From a box's publish to a screen's socket: how long an event takes through the whole hub, at a steady rate.
// node --import tsx test/bench/stream.ts [events per second] [seconds] [screens]
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { boxAt, follow, madeFolder, until } from "../whole/hub-bed.ts";

const [rate = 500, seconds = 20, screens = 3] = process.argv.slice(2).map(Number);
const openkerb = fileURLToPath(new URL("../../deploy/openkerb.mjs", import.meta.url));

/** Runs a hub in a process of its own, as users do, and finds its ports in the journal. */
async function startHub(folder: string) {
  const child: ChildProcess = spawn(process.execPath, [
    openkerb,
    "hub",
    "--data",
    folder,
    "--port",
    "0",
    "--broker-port",
    "0",
  ]);
  let out = "";
  child.stdout?.on("data", (piece) => {
    out += piece;
  });
  const said = (event: string) => out.split("\n").find((line) => line.includes(`"event":"${event}"`));
  await until(() => {
    if (!said("page-listening")) throw new Error(`the hub does not start: ${out}`);
  });
  return {
    url: JSON.parse(said("page-listening") ?? "{}").url as string,
    port: JSON.parse(said("broker-listening") ?? "{}").port as number,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("close", resolve));
    },
  };
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.ceil(sorted.length * q) - 1] ?? Number.NaN;

await using folder = await madeFolder();
await using hub = await startHub(folder.path);
await using box = await boxAt(hub.port);
const watching = Array.from({ length: screens }, () => follow(() => hub.url));
await until(() => {
  if (!watching.every((s) => s.ready)) throw new Error("the screens do not connect");
});
await box.birth();
const began = performance.now();
const total = rate * seconds;
while (box.sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
  while (box.sent < due) void box.tell(box.crossed);
  await new Promise((resolve) => setTimeout(resolve, 2));
}
await until(() => {
  if (!watching.every((s) => s.events().length === total)) throw new Error("events are missing on a screen");
});
const delays = watching
  .flatMap((s) =>
    s.heard.flatMap(({ message, at }) => (message.type === "event" ? [at - message.stored.event.at] : [])),
  )
  .sort((a, b) => a - b);
console.log(
  JSON.stringify({
    rate,
    seconds,
    screens,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    max: delays.at(-1),
    bound: 250,
    held: quantile(delays, 0.99) <= 250,
  }),
);
for (const screen of watching) await screen[Symbol.asyncDispose]();

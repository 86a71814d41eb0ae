import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { expect, it } from "vitest";
import { hubIn, madeFolder, until } from "../hub-bed.ts";

/** 410 ppm, as an MH-Z19B says it. */
const answer = Buffer.from("ff86019a00000000df", "hex");

it("brings what a sensor on a serial line says to the hub's store, and the hub confirms it", async () => {
  await using folder = await madeFolder();
  const hub = await hubIn(folder.path);
  const children: ChildProcess[] = [];
  try {
    const [box, device] = [join(folder.path, "box"), join(folder.path, "device")];
    children.push(spawn("socat", [`pty,raw,echo=0,link=${box}`, `pty,raw,echo=0,link=${device}`]));
    await until(() => expect(existsSync(box) && existsSync(device)).toBe(true));
    const site = join(folder.path, "site.json");
    const sensor = { id: "air", name: "Air", profile: "mh-z19b", interval: 1, bus: { kind: "serial", path: box } };
    await writeFile(
      site,
      JSON.stringify({ version: 1, city: "demo", site: "kerb", name: "Kerb", device: "kerb-01", sensors: [sensor] }),
    );
    const data = join(folder.path, "agent");
    await mkdir(data);
    const agent = spawn(
      process.execPath,
      [
        ...[fileURLToPath(new URL("../../../deploy/openkerb.mjs", import.meta.url)), "agent", "--site", site],
        ...["--hub", `mqtt://127.0.0.1:${hub.brokerPort}`, "--data", data],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    children.push(agent);
    let log = "";
    agent.stdout.on("data", (text) => {
      log += text;
    });
    agent.stderr.on("data", (text) => {
      log += text;
    });
    await until(() => expect(log).toContain("hub-connected"));
    const line = await open(device, "r+");
    // Whoever asks a second time has understood the first answer.
    for (let answered = 0; answered < 2; answered++) {
      const { buffer } = await line.read(Buffer.alloc(9), 0, 9);
      expect(buffer.toString("hex")).toBe("ff0186000000000079");
      if (answered === 0) await line.write(answer);
    }
    // The minute that was begun is told when the agent stops, which then waits for the hub to have it.
    agent.kill("SIGTERM");
    const [code] = await once(agent, "exit");
    await line.close();
    expect({ code, log }).toMatchObject({ code: 0, log: expect.stringContaining('"event":"stopped"') });
    const store = new Database(join(folder.path, "data", "hub.sqlite"), { readonly: true });
    const stream = store.prepare("SELECT watermark, stored, refused FROM streams").get() as { watermark: number };
    const kept = store.prepare("SELECT SUM(count) AS readings FROM reading_blocks").get() as { readings: number };
    // Two when the minute of the clock ended in between; an answer to a question of the hub may stand beside them.
    expect([1, 2]).toContain(kept.readings);
    expect(stream).toMatchObject({ stored: stream.watermark, refused: 0 });
    expect(stream.watermark).toBeGreaterThanOrEqual(kept.readings);
    store.close();
  } finally {
    for (const child of children) child.kill();
    await hub[Symbol.asyncDispose]();
  }
}, 60_000);

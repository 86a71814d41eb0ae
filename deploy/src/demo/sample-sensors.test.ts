import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSqliteOutbox, parseSite, tell } from "@openkerb/edge-agent";
import { expect, it } from "vitest";
import { fillHistory } from "./sample-history.ts";
import { startSampleSensors } from "./sample-sensors.ts";

const moment = Date.UTC(2026, 4, 6, 8, 30);

async function ask(port: number, question: readonly number[]): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const answer = new Promise<Buffer>((resolve, reject) => socket.once("data", resolve).once("error", reject));
  socket.write(Buffer.from(question));
  return answer.finally(() => socket.destroy());
}

it("the sample sensors answer as the devices they stand for, and refuse registers they do not have", async () => {
  await using sensors = await startSampleSensors(() => moment);
  const air = (await (await fetch(sensors.airUrl)).json()) as Record<string, number>;
  expect(Object.keys(air).sort()).toEqual(["atmp", "pm01", "pm02", "pm10", "rco2", "rhum"]);
  expect(air.pm02).toBeGreaterThan(air.pm01 ?? 0);
  expect((await fetch(new URL("/else", sensors.airUrl))).status).toBe(404);

  const gases = await ask(sensors.gasPort, [1, 2, 0, 0, 0, 6, 1, 3, 0, 3, 0, 8]);
  expect([...gases.subarray(0, 9)]).toEqual([1, 2, 0, 0, 0, 19, 1, 3, 16]);
  const levels = await ask(sensors.soundPort, [0, 1, 0, 0, 0, 6, 1, 4, 0, 0, 0, 6]);
  expect(levels.readFloatBE(9)).toBeGreaterThan(40);
  expect(levels.readFloatBE(17)).toBeGreaterThan(levels.readFloatBE(9));
  expect([...(await ask(sensors.gasPort, [1, 2, 0, 0, 0, 6, 1, 3, 1, 0, 0, 8])).subarray(7)]).toEqual([0x83, 2]);
  expect([...(await ask(sensors.gasPort, [1, 2, 0, 0, 0, 6, 1, 4, 0, 3, 0, 8])).subarray(7)]).toEqual([0x84, 1]);
});

it("a box that starts for the first time has ten weeks to send, and once only", async () => {
  const file = fileURLToPath(new URL("../../demo/site.yaml", import.meta.url));
  const site = parseSite(await readFile(file, "utf8"), file);
  const folder = await mkdtemp(join(tmpdir(), "history-"));
  expect(await fillHistory(folder, site, moment)).toBe(true);
  expect(await fillHistory(folder, site, moment)).toBe(false);
  {
    await using outbox = await openSqliteOutbox(folder, { tell });
    const { depth, lost } = outbox.standing();
    expect([depth, lost]).toEqual([70 * 144 * 15, 0]);
    const [first] = outbox.waiting(0, { items: 1, bytes: 10_000 });
    expect(JSON.parse(first?.body ?? "")).toMatchObject({
      at: moment - 70 * 86_400_000,
      provenance: { source: "agent:made-up@1" },
    });
  }
  await rm(folder, { recursive: true });
});

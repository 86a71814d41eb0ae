import { type FileHandle, open } from "node:fs/promises";
import { type Instant, SiteSensor } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import { cable } from "./cable.ts";
import { crc16Modbus } from "./checksum.ts";
import { hearSensor } from "./heard-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import { sdi12Crc } from "./sdi12.ts";
import type { SensorError } from "./sensor-error.ts";
import { serialLines } from "./serial-line.ts";
import { watchSensor } from "./watch-sensor.ts";

const within = { timeout: 15_000 };
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A cable of which the test holds the sensor's end. `answer` gets all that was asked since the last answer. */
async function wired(
  profile: string,
  answer: (asked: Buffer, say: (...pieces: (string | Buffer)[]) => Promise<void>) => Promise<boolean>,
  { more = {}, patience = 5000 } = {},
) {
  const line = await cable();
  closing.push(() => line[Symbol.asyncDispose]());
  const end = await open(line.device, "r+");
  const questions: string[] = [];
  const listening = answered(end, answer, questions);
  const sensor = SiteSensor.parse({
    id: "s",
    name: "S",
    profile,
    bus: { kind: "serial", path: line.box, ...more },
    interval: 1,
  });
  const heard = hearSensor(sensor, { ...(await found(ours, profile)), warmUp: 0 }, { patience });
  closing.push(async () => {
    await heard[Symbol.asyncDispose]();
    line.pull();
    await listening;
    await end.close();
  });
  return { ...heard, questions };
}

async function answered(end: FileHandle, answer: Parameters<typeof wired>[1], questions: string[]): Promise<void> {
  let asked = Buffer.alloc(0);
  const say = async (...pieces: (string | Buffer)[]) => {
    // Piece by piece, so that the box has to put frames together.
    for (const piece of pieces) {
      await end.write(typeof piece === "string" ? Buffer.from(piece, "latin1") : piece);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  };
  try {
    for (;;) {
      const { bytesRead, buffer } = await end.read(Buffer.alloc(64), 0, 64);
      if (bytesRead === 0) return;
      asked = Buffer.concat([asked, buffer.subarray(0, bytesRead)]);
      const question = asked;
      if (await answer(question, say)) {
        questions.push(question.toString("latin1"));
        asked = Buffer.alloc(0);
      }
    }
  } catch {
    // The cable was pulled.
  }
}
const hex = (text: string) => Buffer.from(text, "hex");

it("asks an MH-Z19B again and again, through noise, split answers and wrong checksums", async () => {
  const answers = [
    [hex("00ff13"), hex("ff86027c"), hex("42000000ba")],
    [hex("ff86027c42000000bb")],
    [hex("8686"), hex("ff"), hex("8601f40000000085")],
  ];
  const heard = await wired("mh-z19b", async (asked, say) => {
    if (asked.length < 9) return false;
    await say(...(answers.shift() ?? []));
    return true;
  });
  await expect.poll(() => heard.measured(), within).toEqual([{ co2: 636 }, { co2: 500 }]);
  expect(heard.refusals()).toEqual([expect.stringContaining("checksum")]);
  expect(new Set(heard.questions.map((q) => Buffer.from(q, "latin1").toString("hex")))).toEqual(
    new Set(["ff0186000000000079"]),
  );
}, 30_000);

it("calls an MH-Z19B silent that no longer answers", async () => {
  const heard = await wired("mh-z19b", async (asked) => asked.length >= 9, { patience: 300 });
  await expect.poll(() => heard.failures[0]?.trouble, within).toBe("silent");
}, 30_000);

it("makes a ZE12A speak by itself and takes only frames that check, of a gas it knows", async () => {
  const heard = await wired("ze12a", async (asked, say) => {
    if (asked.length < 9) return false;
    // 1.6 ppm CO of 500; then a frame of an unknown gas, one with a wrong checksum, and a header within another's bytes.
    const good = hex("ff040301001013884d");
    await say(
      hex("04ff"),
      good.subarray(0, 5),
      good.subarray(5),
      hex("ff990400000030d45f"),
      hex("ff040301001013ff45"),
      good,
    );
    return true;
  });
  await expect
    .poll(() => heard.measured(), within)
    .toEqual([
      { co: 1.6, full_range: 500 },
      { co: 1.6, full_range: 500 },
    ]);
  await expect
    .poll(() => heard.questions.map((q) => Buffer.from(q, "latin1").toString("hex")), within)
    .toEqual(["ff0178400000000047"]);
  expect(heard.refusals()).toEqual(
    expect.arrayContaining([expect.stringContaining("153"), expect.stringContaining("checksum")]),
  );
}, 30_000);

const line = (text: string) => `${text}${sdi12Crc(text)}\r\n`;

it("measures over SDI-12: begins, waits until the sensor is ready, and fetches all its values with their CRC", async () => {
  const heard = await wired(
    "weather-sdi12",
    async (asked, say) => {
      const command = asked.toString("latin1");
      if (!command.endsWith("!")) return false;
      // This adapter echoes, and the third value comes with the second command.
      if (command === "5MC!") await say("5MC!", "5001", "3\r\n", "5\r\n");
      else if (command === "5D0!")
        await say("5D0!\xff", line("5+21.5+48.25").slice(0, 6), line("5+21.5+48.25").slice(6));
      else if (command === "5D1!") await say(line("5-0.5"));
      return true;
    },
    { more: { address: "5" } },
  );
  await expect.poll(() => heard.measured()[0], within).toEqual({ temperature: 21.5, humidity: 48.25, third: -0.5 });
  await expect.poll(() => heard.questions.slice(0, 3), within).toEqual(["5MC!", "5D0!", "5D1!"]);
}, 30_000);

it("asks again for an SDI-12 line that does not check, and refuses it when it never does", async () => {
  let spoiled = 1;
  const heard = await wired("weather-sdi12", async (asked, say) => {
    const command = asked.toString("latin1");
    if (!command.endsWith("!")) return false;
    if (command === "0MC!") await say("00002\r\n");
    else if (command === "0D0!") {
      const good = line("0+21.5+48.25+3");
      await say(spoiled > 0 ? good.replace("21.5", "91.5") : good);
      spoiled--;
    }
    return true;
  });
  await expect.poll(() => heard.measured()[0], within).toEqual({ temperature: 21.5, humidity: 48.25, third: 3 });
  spoiled = 1000;
  await expect.poll(() => heard.refusals()[0], within).toBe("CRC or form of the line is wrong");
}, 30_000);

it("calls an SDI-12 line silent on which nobody has the address", async () => {
  const heard = await wired("weather-sdi12", async (asked) => asked.includes("!"));
  await expect.poll(() => heard.failures[0]?.message, within).toBe("no sensor answers at address 0 of the SDI-12 line");
  // Three times it was asked.
  expect(heard.questions.join("")).toContain("0MC!0MC!0MC!");
}, 30_000);

it("lets several Modbus units share a line, one question after the other, though one of them is slow and one is gone", async () => {
  const wire = await cable();
  closing.push(() => wire[Symbol.asyncDispose]());
  const end = await open(wire.device, "r+");
  let [talking, overlaps] = [0, 0];
  const units = new Map([
    [1, { decibels: 51.25, late: 0 }],
    [2, { decibels: 65.5, late: 120 }],
  ]);
  const profile = await found(ours, "sound-level-meter-modbus");
  if (profile.codec.kind !== "modbus") throw new Error("not Modbus");
  const { function: code, count } = profile.codec;
  const bus = (async () => {
    for (;;) {
      const { buffer, bytesRead } = await end.read(Buffer.alloc(64), 0, 64);
      if (bytesRead === 0) return;
      // Two questions at once, or one into another's answer, would be a mess on a real line.
      if (bytesRead !== 8 || talking > 0) overlaps++;
      const unit = units.get(buffer[0]!);
      if (!unit) continue;
      talking++;
      const words = Buffer.alloc(2 * count);
      for (let at = 0; at < words.length; at += 4) words.writeFloatBE(unit.decibels, at);
      const body = Buffer.from([buffer[0]!, code, words.length, ...words]);
      const crc = crc16Modbus(body);
      setTimeout(() => {
        talking--;
        end.write(Buffer.from([...body, crc & 0xff, crc >> 8])).catch(() => undefined);
      }, unit.late);
    }
  })().catch(() => undefined);
  const [stop, lines] = [new AbortController(), serialLines()];
  const heard = new Map<number, number[]>();
  const failures = new Map<number, string[]>();
  const watching = [1, 2, 3].map(async (unit) => {
    const sensor = SiteSensor.parse({
      ...{ id: `u${unit}`, name: "U", profile: profile.name, unit, interval: 1 },
      bus: { kind: "serial", path: wire.box },
    });
    const options = { signal: stop.signal, now: () => Date.now() as Instant, patience: 1500, doors: { lines } };
    const onFailed = ({ trouble }: SensorError) => failures.set(unit, [...(failures.get(unit) ?? []), trouble]);
    for await (const { said } of watchSensor(sensor, profile, { ...options, onFailed })) {
      const level = said.kind === "values" ? said.values.find(({ metric }) => metric === "laeq")?.value : undefined;
      heard.set(unit, [...(heard.get(unit) ?? []), Number(level)]);
    }
  });
  closing.push(async () => {
    stop.abort();
    await Promise.allSettled(watching);
    wire.pull();
    await bus;
    await end.close();
  });
  await expect
    .poll(() => [1, 2].every((unit) => (heard.get(unit)?.length ?? 0) >= 3) && failures.has(3), { timeout: 20_000 })
    .toBe(true);
  expect(new Set(heard.get(1))).toEqual(new Set([51.25]));
  expect(new Set(heard.get(2))).toEqual(new Set([65.5]));
  expect([...failures.keys()]).toEqual([3]);
  expect(new Set(failures.get(3))).toEqual(new Set(["silent"]));
  expect(overlaps).toBe(0);
}, 40_000);

import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DeviceProfile, SensorId } from "@openkerb/contract";
import { afterEach, expect, it } from "vitest";
import type { Decoded } from "./bytes.ts";
import { openSensor } from "./open-sensor.ts";
import { found, ours } from "./profile-folder.ts";
import { SensorError } from "./sensor-error.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What an AirGradient ONE answers, shortened by what no profile reads. */
const measures = {
  ...{ wifi: -46, serialno: "84fce612f5b8", rco2: 447, pm01: 3, pm02: 7.17, pm10: 8, pm003Count: 442 },
  ...{ atmp: 25.87, rhum: 43, atmpCompensated: 24.47, tvocIndex: 100, noxIndex: 1, boot: 6, model: "I-9PSL" },
};

/** A sensor that answers as told, and what is heard of it until it fails or `enough` answers came. */
async function hear(answer: RequestListener, enough = 1, { patience = 2000, warmUp = 0, interval = 20 } = {}) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const profile: DeviceProfile = await found(ours, "airgradient");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/measures/current`;
  const [said, stop]: [Decoded[], AbortController] = [[], new AbortController()];
  const manner = { interval, patience, warmUp, signal: stop.signal };
  try {
    for await (const one of openSensor({ id: SensorId.parse("s"), bus: { kind: "http", url } }, profile, manner))
      if (said.push(one) === enough) return { said };
  } catch (err) {
    if (!(err instanceof SensorError)) throw err;
    return { said, trouble: err.trouble, why: err.message };
  } finally {
    stop.abort();
  }
  throw new Error("a sensor that is asked again and again never ends");
}
const json = (of: unknown) => (_: unknown, answer: ServerResponse) => answer.end(JSON.stringify(of));
const valuesOf = (said: Decoded | undefined) =>
  said?.kind === "values" ? Object.fromEntries(said.values.map((v) => [v.metric ?? v.name, v.value])) : said;

it("reads every quantity of an AirGradient on the network, again and again", async () => {
  const { said } = await hear(json(measures), 2);
  expect(said.map(valuesOf)).toEqual(
    Array(2).fill({
      ...{ pm1: 3, pm25: 7.17, pm10: 8, pm003Count: 442, co2: 447, temperature: 25.87, humidity: 43 },
      ...{ "voc-index": 100, "nox-index": 1 },
    }),
  );
});

it("takes what is there of an AirGradient that has just started, and waits for the rest", async () => {
  const answers = [{ wifi: -46, boot: 0 }, { boot: 0, rco2: 421, pm02: null }, measures];
  const { said } = await hear((_, answer) => answer.end(JSON.stringify(answers.shift())), 3);
  expect(said.slice(0, 2).map(valuesOf)).toEqual([
    { kind: "refused", why: "none of the fields is there" },
    { co2: 421 },
  ]);
  expect(valuesOf(said[2])).toMatchObject({ pm25: 7.17 });
});

it("says that a sensor failed which answers 500", async () => {
  const heard = await hear((_, answer) => answer.writeHead(500).end(JSON.stringify(measures)));
  expect(heard).toEqual({ said: [], trouble: "refused", why: "it answers 500" });
});

it("takes no garbage for a measurement, and says that the sensor failed when nothing better comes", async () => {
  const garbage = [
    "<html>login</html>",
    "",
    "null",
    "[]",
    '"7"',
    '{"pm02":"7,1"}',
    '{"pm02":1e999}',
    '{"pm02":{}}',
    "\xff\x00",
  ];
  const waiting = [...garbage];
  const heard = await hear((_, answer) => answer.end(Buffer.from(waiting.shift() ?? "<", "latin1")), 1000, {
    patience: 1500,
  });
  expect(heard).toMatchObject({ trouble: "refused", why: expect.stringContaining("not JSON") });
  expect(heard.said.length).toBeGreaterThan(garbage.length);
  expect(heard.said.filter(({ kind }) => kind === "values")).toEqual([]);
});

it.each([
  ["never answers", () => undefined],
  ["stops in the middle of its answer", (_: unknown, answer: ServerResponse) => answer.write('{"pm02":')],
  ["hangs up", (_: unknown, answer: ServerResponse) => answer.destroy()],
])("calls a sensor silent that %s", async (_, answer) => {
  const heard = await hear(answer as RequestListener, 1, { patience: 300 });
  expect(heard).toEqual({ said: [], trouble: "silent", why: "it does not answer" });
});

it("reads no answer that never ends, however fast it comes", async () => {
  let sent = 0;
  const heard = await hear(
    (_, answer) => {
      answer.on("error", () => undefined);
      const more = () => {
        while (!answer.destroyed) {
          sent += 16_384;
          if (!answer.write(" ".repeat(16_384))) break;
        }
      };
      answer.on("drain", more);
      more();
    },
    1,
    { patience: 5000 },
  );
  expect(heard).toEqual({ said: [], trouble: "refused", why: "its answer is longer than 65536 bytes" });
  // Some lies in the buffers of both ends.
  expect(sent).toBeLessThan(32 * 1024 * 1024);
}, 15_000);

it("leaves no connection open to a sensor whose answer it does not want", async () => {
  let open = 0;
  await hear((asked, answer) => {
    open++;
    asked.socket.on("close", () => open--);
    answer.writeHead(503).write("x");
  });
  await expect.poll(() => open).toBe(0);
});

import { createServer as createHttp, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from "node:net";
import { madeAir } from "./made-air.ts";

/** Where the sample sensors answer, all on this machine. */
export type SampleSensors = AsyncDisposable & {
  /** Speaks as an AirGradient ONE does on its local address. */
  readonly airUrl: string;
  /** Modbus TCP: gases in holding registers, as `gas-station-modbus` reads them. */
  readonly gasPort: number;
  /** Modbus TCP: levels in input registers, as `sound-level-meter-modbus` reads them. */
  readonly soundPort: number;
};

/** Sensors that are not there: they answer on real connections, with made-up values of the moment they are asked. */
export async function startSampleSensors(now: () => number = Date.now): Promise<SampleSensors> {
  const http = createHttp((request, response) => {
    if (request.method !== "GET" || request.url !== "/measures/current") return response.writeHead(404).end();
    const { pm1, pm25, pm10, co2, temperature, humidity } = madeAir(now());
    const said = { pm01: pm1, pm02: pm25, pm10, rco2: co2, atmp: temperature, rhum: humidity };
    const rounded = Object.entries(said).map(([name, value]) => [name, Number(value.toFixed(1))]);
    return response.setHeader("content-type", "application/json").end(JSON.stringify(Object.fromEntries(rounded)));
  });
  const gas = modbus(3, 3, () => {
    const air = madeAir(now());
    const values = [air.so2, air.no2, air.co, air.o3, air.pm25, air.pm10, air.temperature * 10, air.humidity * 10];
    const registers = Buffer.alloc(16);
    values.forEach((value, i) => void registers.writeInt16BE(Math.round(value), 2 * i));
    return registers;
  });
  const sound = modbus(4, 0, () => {
    const { laeq, lceq, lafmax } = madeAir(now());
    const registers = Buffer.alloc(12);
    [laeq, lceq, lafmax].forEach((value, i) => void registers.writeFloatBE(value, 4 * i));
    return registers;
  });
  const servers = [http, gas, sound];
  const [airPort, gasPort, soundPort] = await Promise.all(servers.map(listening));
  return {
    airUrl: `http://127.0.0.1:${airPort}/measures/current`,
    gasPort: gasPort ?? 0,
    soundPort: soundPort ?? 0,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(closed));
    },
  };
}

const connections = new WeakMap<Server, Set<Socket>>();

/** A Modbus TCP device with one block of registers from `first` on; anything else is answered with an exception. */
function modbus(code: number, first: number, registers: () => Buffer): Server {
  const open = new Set<Socket>();
  const server = createTcp((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => socket.destroy());
    let waiting: Buffer = Buffer.alloc(0);
    socket.on("data", (data) => {
      waiting = Buffer.concat([waiting, data]);
      // Seven bytes of header, of which two say how long the rest is; a question for registers has twelve in all.
      for (; waiting.length >= 12; waiting = waiting.subarray(12)) {
        const [asked, start, count] = [waiting[7]!, waiting.readUInt16BE(8), waiting.readUInt16BE(10)];
        const all = registers();
        const from = 2 * (start - first);
        const known = asked === code && from >= 0 && from + 2 * count <= all.length;
        const body = known
          ? Buffer.concat([Buffer.of(code, 2 * count), all.subarray(from, from + 2 * count)])
          : Buffer.of(asked | 0x80, asked === code ? 2 : 1);
        const header = Buffer.from(waiting.subarray(0, 7));
        header.writeUInt16BE(body.length + 1, 4);
        socket.write(Buffer.concat([header, body]));
      }
    });
  });
  connections.set(server, open);
  return server;
}

const listening = (server: Server | HttpServer): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

const closed = (server: Server | HttpServer): Promise<unknown> => {
  if ("closeAllConnections" in server) server.closeAllConnections();
  else for (const socket of connections.get(server) ?? []) socket.destroy();
  return new Promise((resolve) => server.close(resolve));
};

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Aedes } from "aedes";

/** A broker that can go away and come back on the same port. */
export interface TestBroker extends AsyncDisposable {
  readonly url: string;
  start(): Promise<void>;
  /** As a power cut does it. */
  kill(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** aedes in this process. */
export async function aedesBroker(): Promise<TestBroker> {
  const port = await freePort();
  let stop: () => Promise<void> = async () => undefined;
  const broker: TestBroker = {
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      const aedes = await Aedes.createBroker();
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        aedes.handle(socket);
      }).listen(port, "127.0.0.1");
      await once(server, "listening");
      stop = async () => {
        server.close();
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((done) => aedes.close(() => done()));
        stop = async () => undefined;
      };
    },
    kill: () => stop(),
    [Symbol.asyncDispose]: () => stop(),
  };
  await broker.start();
  return broker;
}

/** Debian's mosquitto as a child, with the lines of configuration given. */
export async function mosquittoBroker(...lines: readonly string[]): Promise<TestBroker> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "mosquitto-"));
  const config = join(folder, "mosquitto.conf");
  await writeFile(
    config,
    [`listener ${port} 127.0.0.1`, "allow_anonymous true", "persistence false", "log_type none", ...lines, ""].join(
      "\n",
    ),
  );
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (!child) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    child = undefined;
  };
  const broker: TestBroker = {
    url: `mqtt://127.0.0.1:${port}`,
    start: async () => {
      child = spawn("mosquitto", ["-c", config], { stdio: "ignore", env: { PATH: `${process.env.PATH}:/usr/sbin` } });
      await listening(port);
    },
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
  await broker.start();
  return broker;
}

/** Resolves when something listens there. */
export async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = dial(port, "127.0.0.1");
    const open = await new Promise<boolean>((done) => {
      socket.on("connect", () => done(true));
      socket.on("error", () => done(false));
    });
    socket.destroy();
    if (open) return;
    await wait(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}

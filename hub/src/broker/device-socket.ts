import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type HubConfig, Trouble } from "@openkerb/contract";
import { listenTrouble } from "../listen-trouble.ts";
import { isLoopback } from "./loopback.ts";
import { namedFile } from "./named-file.ts";

type Embedded = Extract<HubConfig["broker"], { kind: "embedded" }>;

/** Also those count that have not got through the handshake yet. */
const connectionLimit = 10_000;

export type DeviceSocket = AsyncDisposable & { readonly port: number };
type SocketParts = {
  readonly config: Embedded;
  /** Milliseconds for the TLS handshake. */
  readonly handshake: number;
  readonly accept: (socket: Socket) => void;
  readonly refused: (why: "too-many" | "broken-protocol") => void;
};

/**
 * Listens for devices, with TLS when there are files for it. Its disposal ends every connection; `close` before it
 * only lets in nobody else.
 * @throws Trouble when the port is taken or a file cannot be read
 */
export async function openDeviceSocket(parts: SocketParts): Promise<DeviceSocket & { close(): void }> {
  const { config, handshake, accept, refused } = parts;
  const secrets = config.tls && certificates(config.tls);
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    accept(socket);
  };
  const server = secrets
    ? createTlsServer({ ...secrets, minVersion: "TLSv1.2", handshakeTimeout: handshake }, take)
    : createServer(take);
  server.maxConnections = connectionLimit;
  server.on("drop", () => refused("too-many"));
  // A failed handshake is the business of whoever tried.
  server.on("tlsClientError", () => refused("broken-protocol"));
  const port = await listen(server, config.host, config.port);
  // When this process has no more file handles, a connection cannot be taken; those that are there go on.
  server.on("error", () => refused("too-many"));
  const ended = new Promise<void>((resolve) => server.once("close", resolve));
  let closing = false;
  const close = (): void => {
    if (!closing) server.close();
    closing = true;
  };
  return {
    port,
    close,
    async [Symbol.asyncDispose]() {
      close();
      for (const socket of sockets) socket.destroy();
      await ended;
    },
  };
}

/** @throws Trouble when anybody could come in who should not */
export function refuseToStandOpen({ host, tls }: Embedded, devices: HubConfig["devices"]): void {
  if (isLoopback(host)) return;
  if (!tls)
    throw new Trouble(
      `the broker would listen on ${host} without encryption`,
      "set broker.tls with key and certificate, or listen on 127.0.0.1",
    );
  if (devices.length === 0 && tls.clientAuthority === undefined)
    throw new Trouble(
      `the broker would listen on ${host} for anybody`,
      "give every box a credential under devices, or set broker.tls.clientAuthority",
    );
}

/** @throws Trouble when a file cannot be read */
function certificates(tls: NonNullable<Embedded["tls"]>) {
  const read = (what: string, file: string): Buffer => namedFile(what, file, "broker.tls");
  const asked = tls.clientAuthority;
  return {
    key: read("key", tls.key),
    cert: read("certificate", tls.certificate),
    ...(asked === undefined ? {} : { ca: read("client authority", asked), requestCert: true }),
    // Who comes without a certificate may still have a password; who comes with a false one is refused at the login.
    rejectUnauthorized: false,
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenTrouble(
      error,
      { host, port },
      { what: "broker", holders: "another hub or mosquitto", setting: "broker.port" },
    );
  }
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

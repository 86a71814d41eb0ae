import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { Trouble } from "@openkerb/contract";
import { type Broadcast, broadcast, type Ills } from "./broadcast.ts";
import { clipUnits, silence, type Track } from "./clip-units.ts";
import { type CameraLogin, gate } from "./gate.ts";
import { type SessionOptions, serveClient } from "./session.ts";

export type CameraOptions = {
  /** A video file with H.264, H.265 or MJPEG; `silence` makes a device that has sound only. */
  readonly clip: string | "silence";
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** What follows the address in the URL. */
  readonly path?: string;
  readonly login?: CameraLogin;
  /** How often a digest nonce is good. */
  readonly nonceUses?: number;
  /** Seconds without a word from the client after which its session ends; 60 when absent. */
  readonly sessionTimeout?: number;
  /** Transports that are refused with 461. */
  readonly refuses?: readonly ("tcp" | "udp")[];
  /** Offers sound too, before the video. */
  readonly sound?: boolean;
  /** Methods that it does not know. */
  readonly lacks?: readonly string[];
  /** PEM, for rtsps. */
  readonly tls?: { readonly key: string; readonly cert: string };
};

type Heard = { readonly method: string; readonly url: string; readonly authorization: string | undefined };

/** A camera of ours: an RTSP server that shows one clip for ever and can be made to fall ill. */
export type Camera = AsyncDisposable & {
  /** Without user and password. */
  readonly url: string;
  readonly port: number;
  /** How many are playing. */
  readonly clients: number;
  /** Every request so far: method, address and login, in order. */
  readonly heard: readonly Heard[];
  /** How many connections there have been. */
  readonly visits: number;
  /** Sends nothing more, though it still answers. */
  stall(): void;
  /** Ends every ill. */
  resume(): void;
  /** Cuts all connections. */
  drop(): void;
  /** Ends every stream in order, with an RTCP BYE; connections stay. */
  bye(): void;
  /** Loses this share of the RTP packets. */
  lose(share: number): void;
  /** Damages this share of the RTP packets. */
  corrupt(share: number): void;
  /** Shows one picture for ever while frames keep coming. */
  freeze(): void;
};

/** Starts a camera. Throws Trouble when the clip cannot be served or the port is taken. */
export async function startCamera(options: CameraOptions): Promise<Camera> {
  const { host = "127.0.0.1", port = 0, path = "street", clip, tls } = options;
  const track: Track = clip === "silence" ? silence() : await clipUnits(clip);
  const ills: Ills = { stalled: false, frozen: false, lost: 0, corrupt: 0 };
  const stop = new AbortController();
  const air: Broadcast = broadcast(track, ills);
  const admission = gate(options.login, options.nonceUses);
  const clients = new Map<Socket, { bye(): void; close(): void }>();
  const said: Heard[] = [];
  let visits = 0;

  const visit = (socket: Socket): void => {
    visits += 1;
    socket.setNoDelay(true);
    const { refuses = [], sessionTimeout = 60, sound = false, lacks = [] } = options;
    const heard: SessionOptions["heard"] = ({ method, url, headers }) =>
      said.push({ method, url, authorization: headers.get("authorization") });
    const rules = { path, refuses, sessionTimeout, sound, lacks, heard };
    const client = serveClient(socket, { track, air, gate: admission, ...rules });
    clients.set(socket, client);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      client.close();
      clients.delete(socket);
    });
  };
  const server: Server = tls ? createTlsServer(tls, visit) : createServer(visit);
  server.listen(port, host);
  await once(server, "listening").catch((cause: NodeJS.ErrnoException) => {
    throw new Trouble(
      `the camera cannot listen on ${host}:${port} (${cause.code})`,
      "Choose another port, or 0 for a free one.",
      { cause },
    );
  });
  const running = air.run(stop.signal);
  const { port: taken } = server.address() as AddressInfo;
  const drop = (): void => {
    for (const socket of clients.keys()) socket.destroy();
  };

  return {
    url: `${tls ? "rtsps" : "rtsp"}://${host.includes(":") ? `[${host}]` : host}:${taken}/${path}`,
    port: taken,
    get clients() {
      return air.count;
    },
    heard: said,
    get visits() {
      return visits;
    },
    stall: () => {
      ills.stalled = true;
    },
    resume: () => void Object.assign(ills, { stalled: false, frozen: false, lost: 0, corrupt: 0 } satisfies Ills),
    drop,
    bye: () => {
      for (const client of clients.values()) client.bye();
    },
    lose: (share) => {
      ills.lost = share;
    },
    corrupt: (share) => {
      ills.corrupt = share;
    },
    freeze: () => {
      ills.frozen = true;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      const closed = once(server, "close");
      server.close();
      drop();
      await Promise.all([closed, running]);
    },
  };
}

import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Millis, seconds } from "@openkerb/contract";
import { CameraError } from "../camera-error.ts";
import { header, NotRtsp, type RtspMessage, rtspReader } from "./message.ts";

/** How long a camera may take to accept a connection or to answer. */
const patience: Millis = seconds(10);

/** An open line to a camera, on which one request at a time is answered. */
export type RtspConnection = AsyncDisposable & {
  readonly socket: Socket;
  /** Sends a request and gives the answer whatever its status. Rejects with CameraError. */
  request(method: string, uri: string, headers?: readonly string[]): Promise<RtspMessage>;
  /** Sends a packet on an interleaved channel. */
  send(channel: number, packet: Uint8Array): void;
  /** Rejects with CameraError as soon as the line is gone; never resolves. */
  readonly lost: Promise<never>;
};

export const statusOf = (answer: RtspMessage): number => Number(/^RTSP\/1\.\d (\d{3})/.exec(answer.start)?.[1] ?? 0);

/**
 * Opens a connection to the host of an rtsp or rtsps address. Throws CameraError when nobody answers there or the
 * certificate of an rtsps address is not to be trusted.
 */
export async function openRtsp(
  url: URL,
  onPacket: (channel: number, packet: Buffer) => void,
  signal: AbortSignal,
  authority?: string,
): Promise<RtspConnection> {
  signal.throwIfAborted();
  const socket = dial(url, authority);
  // A TLS socket tells of the bare connection too, before the other side has said anything.
  let reached = false;
  socket.once("connect", () => {
    reached = true;
  });
  const { promise: lost, reject: lose } = deferred<never>();
  lost.catch(() => undefined);
  const queue: { cseq: number; resolve: (answer: RtspMessage) => void }[] = [];
  const fail = (error: CameraError): void => {
    lose(error);
    socket.destroy();
  };
  const reader = rtspReader({
    packet: onPacket,
    message(message) {
      // Requests of the camera (some announce or ping) need no answer from a client that only watches.
      if (!message.start.startsWith("RTSP/")) return;
      const cseq = Number(header(message, "cseq"));
      const index = Math.max(
        0,
        queue.findIndex((waiting) => waiting.cseq === cseq),
      );
      queue.splice(index, 1)[0]?.resolve(message);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      reader.feed(chunk);
    } catch (cause) {
      if (!(cause instanceof NotRtsp)) throw cause;
      fail(new CameraError("not-video", "what answers at this address does not speak RTSP", { cause }));
    }
  });
  socket.on("error", (cause: NodeJS.ErrnoException) => {
    fail(
      new CameraError("unreachable", whyLost(cause, authority !== undefined), {
        cause: new Error(cause.code ?? cause.name),
      }),
    );
  });
  socket.on("close", () => fail(new CameraError("unreachable", "the camera closed the connection")));
  const stop = (): void => void socket.destroy();
  signal.addEventListener("abort", stop, { once: true });

  try {
    await within(
      Promise.race([
        new Promise<void>((resolve) => socket.once(url.protocol === "rtsps:" ? "secureConnect" : "connect", resolve)),
        lost,
      ]),
      () => (reached ? noTls : "nobody answers at the camera's address"),
    );
  } catch (err) {
    socket.destroy();
    signal.removeEventListener("abort", stop);
    signal.throwIfAborted();
    throw err;
  }
  let count = 0;
  return {
    socket,
    lost,
    async request(method, uri, headers = []) {
      signal.throwIfAborted();
      count += 1;
      const cseq = count;
      const answered = new Promise<RtspMessage>((resolve) => queue.push({ cseq, resolve }));
      const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${cseq}`, "User-Agent: openkerb", ...headers];
      socket.write(`${lines.join("\r\n")}\r\n\r\n`);
      try {
        return await within(Promise.race([answered, lost]), () => `the camera does not answer ${method}`);
      } catch (err) {
        signal.throwIfAborted();
        throw err;
      }
    },
    send(channel, packet) {
      if (!socket.writable) return;
      const framed = Buffer.allocUnsafe(4 + packet.length);
      framed[0] = 0x24;
      framed[1] = channel;
      framed.writeUInt16BE(packet.length, 2);
      framed.set(packet, 4);
      socket.write(framed);
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", stop);
      socket.destroy();
    },
  };
}

function dial(url: URL, authority: string | undefined): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (url.protocol !== "rtsps:") return connectTcp({ host, port: Number(url.port || 554) }).setNoDelay(true);
  const name = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const trusted = authority === undefined ? {} : { ca: authority };
  return connectTls({ host, port: Number(url.port || 322), ...name, ...trusted });
}

const noTls = "what answers at the camera's port does not speak TLS: is the address rtsp:// rather than rtsps://?";

/** Certificates are always checked; what is wrong with one is said so that a person can put it right. */
function whyLost(cause: NodeJS.ErrnoException, named: boolean): string {
  switch (cause.code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return "the camera's certificate is for another name or address than the one in its URL: name it as the certificate does, or give it one for this name";
    case "CERT_HAS_EXPIRED":
      return "the camera's certificate has expired, or the clock of this machine is wrong";
    case "CERT_NOT_YET_VALID":
      return "the camera's certificate is not valid yet, or the clock of this machine is wrong";
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
    case "EPROTO":
      return noTls;
    case "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION":
    case "ERR_SSL_UNSUPPORTED_PROTOCOL":
      return "the camera only speaks a TLS that is no longer safe: update it, or use a tunnel";
    case "ECONNREFUSED":
      return "the camera's address is there, but nothing listens at its port";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the camera's name is not known here";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "there is no way to the camera's address from here";
    default:
      if (/CERT|SELF_SIGNED|UNABLE_TO/.test(cause.code ?? ""))
        return named
          ? "the camera's certificate is not signed by the authority that is named for it"
          : "the camera's certificate is not trusted on this machine: name a file with its CA as the camera's authority, or in NODE_EXTRA_CA_CERTS";
      return `the line to the camera broke (${cause.code ?? cause.name})`;
  }
}

function deferred<T>(): { promise: Promise<T>; reject: (err: unknown) => void } {
  let reject: (err: unknown) => void = () => undefined;
  const promise = new Promise<T>((_, no) => {
    reject = no;
  });
  return { promise, reject };
}

/** The promise, or CameraError "unreachable" when it takes too long. */
async function within<T>(promise: Promise<T>, otherwise: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CameraError("unreachable", otherwise())), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { header, rtspReader } from "./message.ts";
import type { Offer } from "./sdp.ts";

/** The way of a camera's packets to our own ffmpeg: RTSP over TCP on this machine, for one viewer at a time. */
export type Loopback = AsyncDisposable & {
  /** A new address, good for one connection. It holds nothing of the camera's. */
  invite(): string;
  /** `time` is the packet's, in milliseconds since the stream's first. */
  rtp(packet: Buffer, time: number): void;
  /** Tells the viewer that the stream has ended. */
  bye(): void;
  /** From now on a new viewer gets only what comes then, not what came before. */
  forget(): void;
  /** Time of the first packet that the present viewer got, which is where its decoder starts to count. */
  readonly start: number;
};

/** How much is kept for a viewer who comes a little later; a stream whose first seconds are larger starts from now. */
const historyLimit = 16 << 20;
/** How much may wait for a viewer who is slower than the camera. */
const backlog = 32 << 20;

/**
 * ffmpeg cannot be given a camera's password without everybody on the machine being able to read it, so it is given
 * this address instead. The path is random and good once; only this machine can connect.
 */
export async function openLoopback(offer: Offer, onReport: (packet: Buffer) => void): Promise<Loopback> {
  let path: string | undefined;
  let viewer: Socket | undefined;
  let playing = false;
  let history: Buffer[] | undefined = [];
  let kept = 0;
  let start: number | undefined;
  const sockets = new Set<Socket>();

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    const reply = (cseq: string | undefined, status: string, lines: readonly string[] = [], body = ""): void => {
      const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`] : [];
      socket.write([`RTSP/1.0 ${status}`, `CSeq: ${cseq ?? 0}`, ...lines, ...length, "", body].join("\r\n"));
    };
    const reader = rtspReader({
      packet: (channel, packet) => {
        if (channel === 1 && socket === viewer) onReport(packet);
      },
      message(message) {
        const cseq = header(message, "cseq");
        const [method = "", url = ""] = message.start.split(" ");
        if (socket !== viewer) {
          const asked = /^rtsp:\/\/[^/]+\/(\w+)/.exec(url)?.[1];
          if (path === undefined || asked !== path) return void socket.end("RTSP/1.0 404 Not Found\r\n\r\n");
          path = undefined;
          viewer = socket;
          playing = false;
        }
        switch (method) {
          case "DESCRIBE":
            return reply(cseq, "200 OK", ["Content-Type: application/sdp"], sdpOf(offer));
          case "SETUP":
            return reply(cseq, "200 OK", ["Transport: RTP/AVP/TCP;unicast;interleaved=0-1", "Session: 1;timeout=3600"]);
          case "PLAY":
            reply(cseq, "200 OK", ["Session: 1"]);
            playing = true;
            start = history ? 0 : undefined;
            for (const packet of history ?? []) socket.write(packet);
            return;
          default:
            return reply(cseq, "200 OK", ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER"]);
        }
      },
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.feed(chunk);
      } catch {
        socket.destroy();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  const pass = (channel: number, packet: Buffer): void => {
    const framed = Buffer.allocUnsafe(4 + packet.length);
    framed[0] = 0x24;
    framed[1] = channel;
    framed.writeUInt16BE(packet.length, 2);
    packet.copy(framed, 4);
    if (history) {
      history.push(framed);
      kept += framed.length;
      if (kept > historyLimit) history = undefined;
    }
    // Packets are lost rather than piled up when the decoder cannot keep pace; the damage shows as such.
    if (playing && viewer?.writable && viewer.writableLength < backlog) viewer.write(framed);
  };
  return {
    invite() {
      path = randomBytes(16).toString("hex");
      return `rtsp://127.0.0.1:${port}/${path}`;
    },
    get start() {
      return start ?? 0;
    },
    rtp(packet, time) {
      if (playing) start ??= time;
      pass(0, packet);
    },
    bye: () => pass(1, goodbye),
    forget: () => {
      history = undefined;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** An empty receiver report and a BYE; ffmpeg reads no RTCP shorter than this. */
const goodbye = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0, 0x81, 203, 0, 1, 0, 0, 0, 0]);

const sdpOf = ({ media }: Offer): string =>
  ["v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=camera", "c=IN IP4 127.0.0.1", "t=0 0", ...media, "a=control:0", ""].join(
    "\r\n",
  );

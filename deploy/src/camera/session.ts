import { randomBytes } from "node:crypto";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Broadcast } from "./broadcast.ts";
import type { Track } from "./clip-units.ts";
import type { Gate } from "./gate.ts";
import { type Request, requestReader } from "./request.ts";

export type SessionOptions = {
  readonly track: Track;
  readonly air: Broadcast;
  readonly gate: Gate;
  readonly path: string;
  readonly refuses: readonly ("tcp" | "udp")[];
  readonly sessionTimeout: number;
  /** Offers a track of sound before the video; nothing is ever sent of it. */
  readonly sound: boolean;
  /** Methods that are neither named nor known. */
  readonly lacks: readonly string[];
  /** Told of every request. */
  readonly heard: (request: Request) => void;
};

/** How packets reach one client. */
type Way = { readonly answer: string; rtp(packet: Uint8Array): void; rtcp(packet: Uint8Array): void; close(): void };

const known = ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER"];
/** A client that reads slower than this many bytes behind is skipped until it catches up. */
const backlog = 4_000_000;

/** Answers one client's RTSP for as long as its connection lives. */
export function serveClient(socket: Socket, options: SessionOptions): { bye(): void; close(): void } {
  const { track, air, gate, path, refuses, sessionTimeout, sound, lacks, heard } = options;
  const methods = known.filter((method) => !lacks.includes(method)).join(", ");
  const session = randomBytes(8).toString("hex");
  let way: Way | undefined;
  let playing: ReturnType<Broadcast["add"]> | undefined;

  const close = (): void => {
    clearTimeout(forgotten);
    playing?.remove();
    way?.close();
    playing = undefined;
    way = undefined;
  };

  const reply = (
    request: Request,
    status: string,
    headers: Record<string, string | readonly string[]> = {},
    body = "",
  ): void => {
    const lines = [`RTSP/1.0 ${status}`, `CSeq: ${request.headers.get("cseq") ?? "0"}`];
    for (const [name, values] of Object.entries(headers))
      for (const value of [values].flat()) lines.push(`${name}: ${value}`);
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  };

  async function answer(request: Request): Promise<void> {
    const { method, url, headers } = request;
    heard(request);
    if (lacks.includes(method)) return reply(request, "405 Method Not Allowed", { Allow: methods });
    if (method === "OPTIONS") return reply(request, "200 OK", { Public: methods });
    const verdict = gate.judge(method, headers.get("authorization"));
    if (verdict !== "welcome")
      return reply(request, "401 Unauthorized", { "WWW-Authenticate": gate.challenges(verdict === "stale") });
    // Some clients name the aggregate with a slash at the end.
    const asked = new URL(url.replace(/^rtsps?:/, "http:")).pathname.replace(/\/$/, "").slice(1);
    if (asked !== path && asked !== `${path}/track`) return reply(request, "404 Not Found");
    const held = headers.get("session")?.split(";")[0];
    if (held !== undefined && held !== session) return reply(request, "454 Session Not Found");
    const named = { Session: session };
    switch (method) {
      case "DESCRIBE":
        return reply(
          request,
          "200 OK",
          { "Content-Type": "application/sdp", "Content-Base": `${url.replace(/\/$/, "")}/` },
          sdp(track, sound),
        );
      case "SETUP": {
        way?.close();
        way = await wayTo(socket, headers.get("transport") ?? "", refuses);
        if (!way) return reply(request, "461 Unsupported Transport");
        return reply(request, "200 OK", { Transport: way.answer, Session: `${session}; timeout=${sessionTimeout}` });
      }
      case "PLAY": {
        if (!way) return reply(request, "455 Method Not Valid in This State");
        const { rtp, rtcp } = way;
        playing ??= air.add({ rtp, rtcp, busy: () => socket.writableLength > backlog });
        const info = `url=${url.replace(/\/$/, "")}/track;seq=${playing.sequence};rtptime=${playing.timestamp}`;
        return reply(request, "200 OK", { ...named, Range: "npt=now-", "RTP-Info": info });
      }
      case "PAUSE":
        playing?.remove();
        playing = undefined;
        return reply(request, "200 OK", named);
      case "TEARDOWN":
        reply(request, "200 OK", named);
        return close();
      case "GET_PARAMETER":
      case "SET_PARAMETER":
        return reply(request, "200 OK", named);
      default:
        return reply(request, "405 Method Not Allowed", { Allow: methods });
    }
  }

  // Requests are answered in their order though a SETUP has to wait for its ports.
  let turn = Promise.resolve();
  const forgotten = setTimeout(() => void socket.destroy(), sessionTimeout * 1000);
  const reader = requestReader((request) => {
    forgotten.refresh();
    turn = turn.then(() => answer(request)).catch(() => void socket.destroy());
  });
  socket.on("data", (chunk: Buffer) => {
    try {
      reader.feed(chunk);
    } catch {
      socket.end("RTSP/1.0 400 Bad Request\r\n\r\n");
    }
  });
  return {
    close,
    bye() {
      playing?.remove();
      playing = undefined;
      way?.rtcp(Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 0, 0x80, 203, 0, 0));
    },
  };
}

function sdp({ media, payloadType, attributes }: Track, sound: boolean): string {
  return [
    "v=0",
    "o=- 0 0 IN IP4 127.0.0.1",
    "s=camera",
    "c=IN IP4 0.0.0.0",
    "t=0 0",
    "a=control:*",
    "a=range:npt=now-",
    ...(sound ? ["m=audio 0 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=control:sound"] : []),
    `m=${media} 0 RTP/AVP ${payloadType}`,
    ...attributes,
    "a=control:track",
    "",
  ].join("\r\n");
}

async function wayTo(socket: Socket, transport: string, refuses: readonly string[]): Promise<Way | undefined> {
  for (const offer of transport.split(",")) {
    const tcp = /interleaved=(\d+)(?:-(\d+))?/.exec(offer);
    const udp = /client_port=(\d+)(?:-(\d+))?/.exec(offer);
    if (/RTP\/AVP\/TCP/i.test(offer) && !refuses.includes("tcp")) {
      const [rtp, rtcp] = [Number(tcp?.[1] ?? 0), Number(tcp?.[2] ?? Number(tcp?.[1] ?? 0) + 1)];
      return interleaved(socket, rtp, rtcp);
    }
    if (udp && !/TCP|multicast/i.test(offer) && !refuses.includes("udp")) {
      const [rtp, rtcp] = [Number(udp[1]), Number(udp[2] ?? Number(udp[1]) + 1)];
      return datagrams(socket.remoteAddress ?? "127.0.0.1", socket.localAddress ?? "127.0.0.1", rtp, rtcp);
    }
  }
  return undefined;
}

function interleaved(socket: Socket, rtp: number, rtcp: number): Way {
  const write = (channel: number, packet: Uint8Array): void => {
    const framed = Buffer.allocUnsafe(4 + packet.length);
    framed[0] = 0x24;
    framed[1] = channel;
    framed.writeUInt16BE(packet.length, 2);
    framed.set(packet, 4);
    if (socket.writable) socket.write(framed);
  };
  return {
    answer: `RTP/AVP/TCP;unicast;interleaved=${rtp}-${rtcp}`,
    rtp: (packet) => write(rtp, packet),
    rtcp: (packet) => write(rtcp, packet),
    close: () => undefined,
  };
}

async function datagrams(remote: string, local: string, rtp: number, rtcp: number): Promise<Way> {
  const [from, reports] = await pair(local);
  for (const socket of [from, reports]) socket.on("error", () => undefined).on("message", () => undefined);
  return {
    answer: `RTP/AVP;unicast;client_port=${rtp}-${rtcp};server_port=${from.address().port}-${reports.address().port}`,
    rtp: (packet) => from.send(packet, rtp, remote),
    rtcp: (packet) => reports.send(packet, rtcp, remote),
    close: () => {
      from.close();
      reports.close();
    },
  };
}

/** An even port and the odd one above it, as RTP wants them. */
async function pair(address: string): Promise<[UdpSocket, UdpSocket]> {
  const family = address.includes(":") ? "udp6" : "udp4";
  for (;;) {
    const first = createSocket(family).bind(0, address);
    await once(first, "listening");
    const { port } = first.address();
    const second = createSocket(family);
    const bound = await new Promise<boolean>((resolve) => {
      if (port % 2) return resolve(false);
      second.once("listening", () => resolve(true)).once("error", () => resolve(false));
      second.bind(port + 1, address);
    });
    if (bound) return [first, second];
    first.close();
    second.close();
  }
}

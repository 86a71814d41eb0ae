import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { CameraError } from "../camera-error.ts";
import { openRtsp, type RtspConnection, statusOf } from "./connection.ts";
import { type Authorizer, authorizer, isStale, type Login } from "./login.ts";
import { header, type RtspMessage } from "./message.ts";
import { rtpClock } from "./rtp-clock.ts";
import { rtpOrder } from "./rtp-order.ts";
import { type Offer, videoOf } from "./sdp.ts";

export type RtspOptions = {
  /** rtsp:// or rtsps://, without user and password. */
  readonly url: string;
  readonly login?: Login | undefined;
  readonly transport: "tcp" | "udp";
  /** PEM: who must have signed an rtsps camera's certificate; whom this machine trusts when absent. */
  readonly authority?: string | undefined;
};

/** What arrives: RTP in order with even timestamps, and the goodbye at the end. The bytes are only good during the call. */
export type RtspSinks = {
  /** `time` is milliseconds since the stream's first packet. */
  readonly rtp: (packet: Buffer, time: number) => void;
  readonly bye: () => void;
};

/** A camera whose video is set up and waits to be played. */
export type RtspCamera = AsyncDisposable & {
  readonly offer: Offer;
  play(): Promise<void>;
  /** Receiver reports of whoever decodes, on their way to the camera. */
  report(packet: Uint8Array): void;
  /** Rejects with CameraError when the camera is gone; never resolves. */
  readonly lost: Promise<never>;
  /** Wall time of the first packet's timestamp; undefined before there is one. */
  readonly zero: number | undefined;
  /** How many packets came. */
  readonly packets: number;
};

const redirects = 3;
/** How often in a row a camera may call the nonce out of date that it gave with the answer before. */
const renewals = 2;

/**
 * Speaks RTSP with a camera itself, so that the password stays in this process and every failure is known for what it
 * is. Only the video is asked for; sound never leaves the camera. Throws CameraError.
 */
export async function openCamera(options: RtspOptions, sinks: RtspSinks, signal: AbortSignal): Promise<RtspCamera> {
  const { transport } = options;
  let url = new URL(options.url);
  if (url.protocol === "rtsps:" && transport === "udp")
    throw new CameraError("not-video", "rtsps with udp would send the pictures unencrypted: use transport tcp");
  let packets = 0;
  let sink: (channel: number, packet: Buffer) => void = () => undefined;
  for (let hop = 0; ; hop += 1) {
    await using held = bundle();
    const line = held.add(await openRtsp(url, (channel, packet) => sink(channel, packet), signal, options.authority));
    const ask = asker(line, options.login);
    const base = url.href.replace(/^(rtsps?:\/\/)[^/@]*@/, "$1");
    const methods = header(await ask("OPTIONS", base), "public") ?? "";
    const described = await ask("DESCRIBE", base, ["Accept: application/sdp"]);
    if ([301, 302, 303, 305, 307].includes(statusOf(described))) {
      url = elsewhere(header(described, "location"), url, hop);
      continue;
    }
    refuse(described);
    const from = header(described, "content-base") ?? header(described, "content-location") ?? base;
    const offer = videoOf(described.body, from);
    if (!offer) throw new CameraError("not-video", "the camera offers no video at this address");
    const clock = rtpClock(offer.clock);
    // Sender reports only serve to match several streams, and would move ffmpeg's zero.
    const rtcp = (packet: Buffer): void => {
      if (saysBye(packet)) sinks.bye();
    };
    const rtp = (packet: Buffer): void => {
      packets += 1;
      sinks.rtp(packet, clock.put(packet, performance.now(), Date.now()));
    };

    const ports = transport === "udp" ? held.add(await udpPorts(line.socket.localAddress ?? "0.0.0.0")) : undefined;
    const wanted = ports
      ? `RTP/AVP;unicast;client_port=${ports.rtp.address().port}-${ports.rtcp.address().port}`
      : "RTP/AVP/TCP;unicast;interleaved=0-1";
    const answer = await ask("SETUP", offer.control, [`Transport: ${wanted}`]);
    if (statusOf(answer) === 461)
      throw new CameraError("not-video", `the camera does not send video over ${transport}`);
    refuse(answer);
    const agreed = header(answer, "transport") ?? "";
    // Some cameras put a space before the timeout; one that is overlooked ends the session in the middle of a street.
    const [, session = "", life] =
      /^\s*([^;\s]*)(?:.*?;\s*timeout\s*=\s*"?(\d+))?/i.exec(header(answer, "session") ?? "") ?? [];
    const named = [`Session: ${session}`];
    let report: (packet: Uint8Array) => void;
    if (ports) {
      const [, toRtp, toRtcp] = /server_port=(\d+)(?:-(\d+))?/.exec(agreed) ?? [];
      const remote = line.socket.remoteAddress ?? url.hostname;
      const order = rtpOrder(rtp);
      const mine = (from: { address: string }): boolean => plain(from.address) === plain(remote);
      ports.rtp.on("message", (packet, from) => {
        if (mine(from)) order.put(packet, performance.now());
      });
      ports.rtcp.on("message", (packet, from) => {
        order.flush(performance.now());
        if (mine(from)) rtcp(packet);
      });
      report = (packet) => {
        if (toRtcp) ports.rtcp.send(packet, Number(toRtcp), remote);
      };
      // A first packet outwards opens the way back through a router.
      if (toRtp) ports.rtp.send(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Number(toRtp), remote);
      report(Uint8Array.of(0x80, 201, 0, 1, 0, 0, 0, 0));
    } else {
      const [, a = "0", b] = /interleaved=(\d+)(?:-(\d+))?/.exec(agreed) ?? [];
      const [media, control] = [Number(a), Number(b ?? Number(a) + 1)];
      sink = (channel, packet) => {
        if (channel === media) rtp(packet);
        else if (channel === control) rtcp(packet);
      };
      report = (packet) => line.send(control, packet);
    }

    const kept = held.keep();
    let alive: NodeJS.Timeout | undefined;
    return {
      offer,
      lost: line.lost,
      report,
      get zero() {
        return clock.zero;
      },
      get packets() {
        return packets;
      },
      async play() {
        refuse(await ask("PLAY", offer.aggregate, [...named, "Range: npt=0.000-"]));
        let ping = /GET_PARAMETER/i.test(methods) ? "GET_PARAMETER" : "OPTIONS";
        const period = Math.min(Math.max(Number(life) || 60, 1) / 2, 30) * 1000;
        alive = setInterval(() => {
          ask(ping, offer.aggregate, named).then(
            (answer) => {
              // Some cameras name it and do not know it.
              if ([405, 501, 551].includes(statusOf(answer))) ping = "OPTIONS";
            },
            () => undefined,
          );
        }, period);
      },
      async [Symbol.asyncDispose]() {
        clearInterval(alive);
        // Said without waiting for the answer: a camera that hangs must not hold us.
        ask("TEARDOWN", offer.aggregate, named).catch(() => undefined);
        await new Promise((resolve) => setImmediate(resolve));
        await kept[Symbol.asyncDispose]();
      },
    };
  }
}

/** Closes what it holds, unless that was handed on. */
function bundle(): AsyncDisposable & { add<T extends AsyncDisposable>(one: T): T; keep(): AsyncDisposable } {
  let held: AsyncDisposable[] = [];
  const close = async (all: readonly AsyncDisposable[]): Promise<void> => {
    for (const one of all.toReversed()) await one[Symbol.asyncDispose]();
  };
  return {
    add(one) {
      held.push(one);
      return one;
    },
    keep() {
      const all = held;
      held = [];
      return { [Symbol.asyncDispose]: () => close(all) };
    },
    [Symbol.asyncDispose]: () => close(held),
  };
}

type Ask = (method: string, uri: string, headers?: readonly string[]) => Promise<RtspMessage>;

/** Requests with login: asked for it once, every later request carries it; a stale nonce is renewed. */
function asker(line: RtspConnection, login: Login | undefined): Ask {
  let authorize: Authorizer | undefined;
  const send: Ask = (method, uri, headers = []) =>
    line.request(method, uri, authorize ? [...headers, `Authorization: ${authorize(method, uri)}`] : headers);
  return async (method, uri, headers) => {
    const accepted = authorize !== undefined;
    let fresh = false;
    for (let renewed = 0; ; ) {
      const answer = await send(method, uri, headers);
      if (statusOf(answer) !== 401) return answer;
      if (!login)
        throw new CameraError("login-refused", "the camera wants a user and a password, and none is configured");
      const challenges = answer.headers.filter(([name]) => name === "www-authenticate").map(([, value]) => value);
      if (fresh && !isStale(challenges))
        throw new CameraError(
          "login-refused",
          accepted
            ? "the camera no longer accepts the user or the password"
            : "the camera refuses the user or the password",
        );
      // Right after it gave a nonce a camera may still call it old, but not for ever.
      if (fresh && ++renewed > renewals)
        throw new CameraError(
          "login-refused",
          "the camera calls every login out of date, however new: check the password, and restart the camera",
        );
      authorize = authorizer(challenges, login);
      if (!authorize) throw new CameraError("login-refused", "the camera wants a kind of login that is not known here");
      fresh = true;
    }
  };
}

function refuse(answer: RtspMessage): void {
  const status = statusOf(answer);
  if (status >= 200 && status < 300) return;
  // The first line may repeat the address, so only the number is told.
  if (status === 403) throw new CameraError("login-refused", "the camera forbids this user to watch (403)");
  if (status === 404) throw new CameraError("not-video", "the camera has nothing at this address (404)");
  if (status === 453 || status >= 500)
    throw new CameraError("unreachable", `the camera cannot serve another viewer now (${status})`);
  throw new CameraError("not-video", `the camera refuses to show its video (${status})`);
}

function elsewhere(location: string | undefined, url: URL, hop: number): URL {
  if (location === undefined || !/^rtsps?:\/\//i.test(location) || hop >= redirects)
    throw new CameraError("not-video", "the camera sends its viewers on to nowhere");
  const next = new URL(location);
  // The password is for this camera; wherever else it is sent was not chosen by the person who wrote it down.
  if (next.hostname !== url.hostname || (url.protocol === "rtsps:" && next.protocol !== "rtsps:"))
    throw new CameraError("not-video", "the camera sends its viewers on to another machine: name that one instead");
  return next;
}

/** Whether a compound RTCP packet holds a BYE (RFC 3550, 6.6). */
function saysBye(packet: Buffer): boolean {
  for (let at = 0; at + 4 <= packet.length; at += 4 + packet.readUInt16BE(at + 2) * 4)
    if (packet[at + 1] === 203) return true;
  return false;
}

const plain = (address: string): string => address.replace(/^::ffff:/, "");

type Ports = AsyncDisposable & { readonly rtp: UdpSocket; readonly rtcp: UdpSocket };

/** An even port and the odd one above it. */
async function udpPorts(address: string): Promise<Ports> {
  const host = plain(address);
  const type = host.includes(":") ? "udp6" : "udp4";
  for (let attempt = 0; attempt < 100; attempt += 1) {
    // A keyframe comes as a burst; the kernel's usual buffer is a tenth of a second of it.
    const rtp = createSocket({ type, recvBufferSize: 1 << 20 }).bind(0, host);
    await once(rtp, "listening");
    const rtcp = createSocket(type);
    const { port } = rtp.address();
    const bound = await new Promise<boolean>((resolve) => {
      if (port % 2) return resolve(false);
      rtcp.once("listening", () => resolve(true)).once("error", () => resolve(false));
      rtcp.bind(port + 1, host);
    });
    if (bound) {
      for (const socket of [rtp, rtcp]) socket.on("error", () => undefined);
      return {
        rtp,
        rtcp,
        async [Symbol.asyncDispose]() {
          rtp.close();
          rtcp.close();
        },
      };
    }
    rtp.close();
    rtcp.close();
  }
  throw new CameraError("unreachable", "no pair of UDP ports is free on this machine");
}

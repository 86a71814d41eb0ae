import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DeviceProfile, type SensorId, type Site, Trouble } from "@openkerb/contract";
import type { Task } from "../together.ts";
import type { Decoded } from "./bytes.ts";
import { decode } from "./decode.ts";
import { type Mailbox, mailbox } from "./mailbox.ts";
import { judge, type Manner } from "./sensor.ts";
import { SensorError } from "./sensor-error.ts";

/** Where the box listens for sensors that send by themselves. */
export type PushIntake = {
  /** Lets a sensor in; whoever knows the token may send as it. */
  admit(sensor: SensorId, token: string, profile: DeviceProfile): void;
  /** What the sensor sends, until it fails with SensorError. */
  said(sensor: SensorId, manner: Manner): AsyncGenerator<Decoded, void>;
  /** Listens until the signal. Throws Trouble when the address is taken. */
  readonly listen: Task;
};

/** A report is some hundred bytes; sensors report every few seconds at the most. */
const longest = 16_384;
const closest = 500;
const shortestToken = 16;

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

type Guest = {
  readonly token: Buffer;
  readonly profile: DeviceProfile;
  readonly box: Mailbox<Decoded>;
  last: number;
};

/**
 * A web server that understands one request: POST /push/<sensor>/<token> with a report. Everything else is answered by
 * 404, a wrong token too, so that nobody learns which sensors there are. A report that is too long, too soon or not
 * understood is refused with 413, 429 or 422; nothing of it is kept or logged.
 */
export function pushIntake(
  { host, port }: NonNullable<Site["intake"]>,
  onListening: (host: string, port: number) => void,
): PushIntake {
  const guests = new Map<string, Guest>();

  async function answerTo(request: IncomingMessage): Promise<readonly [status: number, why?: string]> {
    const [, push, id = "", token = "", ...rest] = (request.url ?? "").split("?")[0]!.split("/");
    const guest = guests.get(id);
    // Compared in any case, so that the time it takes tells nothing.
    const known = timingSafeEqual(digest(token), guest?.token ?? digest(""));
    if (push !== "push" || rest.length > 0 || request.method !== "POST" || !guest || !known) return [404];
    if (Number(request.headers["content-length"] ?? 0) > longest) return [413];
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of request as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > longest) return [413];
      pieces.push(piece);
    }
    const now = performance.now();
    if (now - guest.last < closest) return [429];
    guest.last = now;
    const said = decode(guest.profile, { text: Buffer.concat(pieces).toString("utf8") });
    if (!guest.box.put(said)) return [429];
    return said.kind === "refused" ? [422, said.why] : [204];
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, why] = await answerTo(request);
    // What is left of a request that nobody wants is not waited for.
    if (!request.complete) response.setHeader("connection", "close");
    response.writeHead(status, { "content-type": "text/plain" }).end(why === undefined ? undefined : `${why}\n`);
  }

  return {
    admit(sensor, token, profile) {
      if (token.length < shortestToken || !/^[\w.~-]+$/.test(token))
        throw new Trouble(
          `the token of its address must be ${shortestToken} or more letters, digits, - and _`,
          "Make one with: openssl rand -hex 16",
        );
      guests.set(sensor, { token: digest(token), profile, box: mailbox(), last: Number.NEGATIVE_INFINITY });
    },
    async *said(sensor, manner) {
      const bearable = judge(manner);
      const guest = guests.get(sensor);
      if (!guest) throw new SensorError("refused", "nobody let it in");
      for (;;) {
        const answer = await guest.box.take(manner.patience, manner.signal);
        yield answer;
        bearable(answer);
      }
    },
    async listen(signal) {
      const server = createServer(
        { maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 },
        (request, response) => {
          request.on("error", () => undefined);
          serve(request, response).catch(() => response.destroy());
        },
      );
      server.maxConnections = 64;
      try {
        server.listen(port, host);
        await once(server, "listening").catch((cause: unknown) => {
          throw new Trouble(
            `sensors cannot send to ${host}:${port}: the address cannot be listened on`,
            "Another program may hold it: give another port under intake in the site file.",
            { cause },
          );
        });
        onListening(host, (server.address() as AddressInfo).port);
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        throw signal.reason;
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

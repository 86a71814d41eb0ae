import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import type { Client } from "aedes";

/** Parts of aedes 1.2 and its parser that their types leave out; the broker's tests notice when they change. */
type Parser = EventEmitter & { parse(bytes: Buffer): number };
type Inside = {
  readonly _parser: Parser;
  readonly _keepaliveTimer: NodeJS.Timeout | null;
  readonly connackSent: boolean;
  _nextBatch(): void;
};

export type ShortWay = {
  /**
   * Takes a message if it may go the short way: `taken`, or a promise when the device is to wait after this one.
   * Undefined sends it the long way, through all of aedes.
   */
  readonly take: (topic: string, payload: Buffer) => "taken" | Promise<void> | undefined;
  /** The largest packet, headers not meant; less is allowed to who has not said yet who it is. */
  readonly limit: { readonly stranger: number; readonly guest: number };
  /** Bytes that may wait for a device that does not read its PUBACKs. */
  readonly waitingLimit: number;
  readonly cut: (why: "too-large" | "too-slow") => void;
};

/**
 * Puts a short way before aedes' parser. Whole PUBLISH packets of QoS 1, which is nearly all that devices send, are
 * handed on at once, and the PUBACKs of what came in one piece leave in one piece; every other packet is given to
 * aedes as it came. A packet above the limit ends the connection as soon as it announces its length.
 */
export function shortWay(client: Client, socket: Socket, { take, limit, waitingLimit, cut }: ShortWay): void {
  const inside = client as unknown as Inside;
  const parser = inside._parser;
  const longWay = parser.parse.bind(parser);
  let rest: Buffer | undefined;
  let pubacks: number[] = [];
  let waits = false;
  let begun = false;

  const answer = (): void => {
    const answers = Buffer.allocUnsafe(pubacks.length * 4);
    for (let n = 0; n < pubacks.length; n++) {
      answers.writeUInt16BE(0x4002, n * 4);
      answers.writeUInt16BE(pubacks[n] as number, n * 4 + 2);
    }
    pubacks = [];
    inside._keepaliveTimer?.refresh();
    if (socket.writableLength > waitingLimit) cut("too-slow");
    else socket.write(answers);
  };

  // Not by pausing aedes: what it finishes while paused it forgets to count, and then it reads no more.
  const read = socket.read.bind(socket);
  socket.read = (size) => (waits && size !== 0 ? null : read(size));
  const hold = (wait: Promise<void>): void => {
    if (waits) return;
    waits = true;
    const go = (): void => {
      waits = false;
      inside._nextBatch();
    };
    wait.then(go, go);
  };

  /** Whether the packet of these bytes could go the short way; its body is from `body` to `end`. */
  const short = (bytes: Buffer, head: number, body: number, end: number): boolean => {
    // PUBLISH with QoS 1; whether it is sent again or to be retained makes no difference here.
    if ((head & 0xf6) !== 0x32 || !inside.connackSent || end - body < 4) return false;
    const payload = body + 4 + bytes.readUInt16BE(body);
    if (payload > end) return false;
    const id = bytes.readUInt16BE(payload - 2);
    if (id === 0) return false;
    const outcome = take(bytes.toString("latin1", body + 2, payload - 2), bytes.subarray(payload, end));
    if (outcome === undefined) return false;
    if (pubacks.push(id) === 1) queueMicrotask(answer);
    if (outcome !== "taken") hold(outcome);
    return true;
  };

  parser.parse = (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    rest = undefined;
    // What does not begin with a CONNECT is not MQTT; aedes knows how to hang up on it.
    if (!begun && bytes.length > 0 && bytes[0] !== 0x10) return longWay(bytes);
    begun = true;
    let at = 0;
    while (at < bytes.length && !socket.destroyed) {
      let length = 0;
      let body = at + 1;
      let shift = 0;
      let byte = 128;
      while (byte >= 128 && shift < 28 && body < bytes.length) {
        byte = bytes[body++] as number;
        length += (byte & 127) << shift;
        shift += 7;
      }
      if (byte >= 128) {
        // A length that does not end is for aedes to complain about; else its end has not arrived yet.
        if (shift >= 28) return longWay(bytes.subarray(at));
        break;
      }
      if (length > (inside.connackSent ? limit.guest : limit.stranger)) {
        cut("too-large");
        return 0;
      }
      const end = body + length;
      if (end > bytes.length) break;
      if (!short(bytes, bytes[at] as number, body, end)) longWay(bytes.subarray(at, end));
      at = end;
    }
    // A copy, so that a few bytes do not keep a whole chunk alive.
    if (at < bytes.length) rest = Buffer.from(bytes.subarray(at));
    return 0;
  };
}

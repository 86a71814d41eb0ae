import { randomInt } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Track, Unit } from "./clip-units.ts";

/** What a camera can be made to suffer from. Shares are 0 to 1. */
export type Ills = { stalled: boolean; frozen: boolean; lost: number; corrupt: number };

/** One that receives. RTP packets and RTCP reports are whole. */
type Receiver = {
  readonly rtp: (packet: Uint8Array) => void;
  readonly rtcp: (packet: Uint8Array) => void;
  /** True while it does not keep up: it gets nothing until it does, and then begins with a whole picture. */
  readonly busy: () => boolean;
};

export type Broadcast = {
  add(receiver: Receiver): { readonly sequence: number; readonly timestamp: number; remove(): void };
  readonly count: number;
  /** Runs until told to stop. */
  run(signal: AbortSignal): Promise<void>;
};

type Stream = {
  receiver: Receiver;
  source: number;
  sequence: number;
  waiting: boolean;
  packets: number;
  octets: number;
};

/** Seconds between the RTP epoch of 1900 and that of 1970. */
const since1900 = 2_208_988_800;
const reportEvery = 2000;

/** Sends a track in real time to whoever listens, round after round, with timestamps that go on as if it never ended. */
export function broadcast(track: Track, ills: Ills): Broadcast {
  const streams = new Set<Stream>();
  const offset = randomInt(2 ** 31);
  const begun = performance.now();
  const ticksNow = (): number => ((performance.now() - begun) * track.clock) / 1000;
  let lastKey: Unit | undefined;
  let came: () => void = () => undefined;

  function send(unit: Unit, timestamp: number): void {
    if (unit.key && !(ills.frozen && lastKey)) lastKey = unit;
    if (ills.stalled) return;
    // A frozen camera shows one picture for ever; a whole picture sent again and again decodes to the same pixels.
    const shown = ills.frozen && lastKey ? lastKey : unit;
    for (const stream of streams) {
      if (stream.receiver.busy()) stream.waiting = true;
      if (stream.waiting && !shown.key) continue;
      if (stream.receiver.busy()) continue;
      stream.waiting = false;
      shown.payloads.forEach((payload, i) => {
        const packet = rtpPacket(track, stream, timestamp, i === shown.payloads.length - 1, payload);
        stream.packets += 1;
        stream.octets += payload.length;
        if (Math.random() < ills.lost) return;
        if (Math.random() < ills.corrupt) spoil(packet);
        stream.receiver.rtp(packet);
      });
    }
  }

  function report(): void {
    if (ills.stalled) return;
    for (const stream of streams) stream.receiver.rtcp(senderReport(stream, stamp(offset + ticksNow())));
  }

  return {
    get count() {
      return streams.size;
    },
    add(receiver) {
      const stream: Stream = {
        receiver,
        source: randomInt(2 ** 32),
        sequence: randomInt(2 ** 16),
        waiting: true,
        packets: 0,
        octets: 0,
      };
      streams.add(stream);
      came();
      return {
        sequence: stream.sequence,
        timestamp: stamp(offset + ticksNow()),
        remove: () => void streams.delete(stream),
      };
    },
    async run(signal) {
      let reported = 0;
      // One listener for all: a new one for each viewer who left would stay for as long as the camera runs.
      signal.addEventListener("abort", () => came(), { once: true });
      while (!signal.aborted) {
        if (streams.size === 0) {
          await new Promise<void>((resolve) => {
            came = resolve;
          });
          continue;
        }
        // Where the clip stands is told by the clock alone, so that it plays on when nobody watches.
        const { unit, at } = following(track, ticksNow());
        await wait(Math.max(0, ((at - ticksNow()) * 1000) / track.clock), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        for (let next = { unit, at, index: track.units.indexOf(unit) }; ; ) {
          send(next.unit, stamp(offset + next.at - next.unit.due + next.unit.shown));
          if (performance.now() - reported > reportEvery) {
            report();
            reported = performance.now();
          }
          next = after(track, next.index, next.at);
          // Pictures that came due meanwhile follow at once: a busy machine makes them late, never fewer.
          const ahead = ((next.at - ticksNow()) * 1000) / track.clock;
          if (ahead > 0) await wait(ahead, undefined, { signal }).catch(() => undefined);
          if (signal.aborted) return;
          if (streams.size === 0) break;
        }
      }
    },
  };
}

/** The first unit due after `now`, and its moment. */
function following(track: Track, now: number): { unit: Unit; at: number } {
  const round = Math.floor(now / track.round) * track.round;
  const unit = track.units.find((u) => round + u.due > now);
  const first = track.units[0];
  if (unit) return { unit, at: round + unit.due };
  if (!first) throw new Error("a track without units");
  return { unit: first, at: round + track.round + first.due };
}

function after(track: Track, index: number, at: number): { unit: Unit; at: number; index: number } {
  const unit = track.units[index];
  const next = track.units[index + 1];
  const first = track.units[0];
  if (!unit || !first) throw new Error("a track without units");
  return next
    ? { unit: next, at: at + next.due - unit.due, index: index + 1 }
    : { unit: first, at: at + track.round - unit.due + first.due, index: 0 };
}

const stamp = (ticks: number): number => Math.round(ticks) % 2 ** 32;

function rtpPacket(track: Track, stream: Stream, timestamp: number, last: boolean, payload: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + payload.length);
  const view = new DataView(packet.buffer);
  packet[0] = 0x80;
  packet[1] = track.payloadType | (last ? 0x80 : 0);
  view.setUint16(2, stream.sequence);
  view.setUint32(4, timestamp);
  view.setUint32(8, stream.source);
  packet.set(payload, 12);
  stream.sequence = (stream.sequence + 1) % 2 ** 16;
  return packet;
}

/** RTCP sender report (RFC 3550, 6.4.1) with the mandatory SDES beside it. */
function senderReport(stream: Stream, timestamp: number): Uint8Array {
  const name = new TextEncoder().encode("camera");
  const described = 4 + 4 + 2 + name.length + 1;
  const padded = Math.ceil(described / 4) * 4;
  const packet = new Uint8Array(28 + padded);
  const view = new DataView(packet.buffer);
  const now = Date.now() / 1000 + since1900;
  view.setUint32(0, 0x80c8_0006);
  view.setUint32(4, stream.source);
  view.setUint32(8, Math.floor(now));
  view.setUint32(12, Math.floor((now % 1) * 2 ** 32));
  view.setUint32(16, timestamp);
  view.setUint32(20, stream.packets);
  view.setUint32(24, stream.octets % 2 ** 32);
  view.setUint32(28, 0x81ca_0000 | (padded / 4 - 1));
  view.setUint32(32, stream.source);
  packet[36] = 1;
  packet[37] = name.length;
  packet.set(name, 38);
  return packet;
}

/** Damages what a decoder reads while the RTP and fragment headers stay whole, as bit errors on a bad link do. */
function spoil(packet: Uint8Array): void {
  for (let i = 0; i < 8; i += 1) {
    const at = 16 + Math.floor(Math.random() * Math.max(1, packet.length - 16));
    if (at < packet.length) packet[at] = Math.floor(Math.random() * 256);
  }
}

import { setTimeout as wait } from "node:timers/promises";
import type { DeviceProfile } from "@openkerb/contract";
import { bytesOf, type Decoded } from "./bytes.ts";
import { decode } from "./decode.ts";
import { cutFrames } from "./frame.ts";
import { byteReader } from "./line-reader.ts";
import { askRtu, askTcp, decodeRtu, decodeTcp, type ModbusCodec } from "./modbus.ts";
import { SensorError } from "./sensor-error.ts";
import type { Line } from "./serial-line.ts";
import { decodeShdlc } from "./shdlc.ts";
import { cutWinsenGas } from "./winsen-gas.ts";

/** How a conversation is held; times in milliseconds. */
export type Manner = {
  readonly interval: number;
  /** Longest time without an answer before the sensor counts as silent, and without a measurement before it has failed. */
  readonly patience: number;
  /** So long after opening, answers without a measurement are to be expected. */
  readonly warmUp: number;
  readonly signal: AbortSignal;
};

/** Takes the first whole answer out of what came; `rest` is what follows it. */
type Taken = { readonly answers: readonly Decoded[]; readonly rest: Uint8Array };
type Tongue = {
  readonly first?: Uint8Array;
  /** What has to be said for each answer; a sensor without it speaks by itself. */
  readonly ask?: () => Uint8Array;
  readonly take: (bytes: Uint8Array) => Taken;
};

const notUnderstood = "nothing that can be understood comes from it";
const nothing = (rest: Uint8Array): Taken => ({ answers: [], rest });

/** What is said and understood on a line, or nothing when the profile's codec is not spoken on one. */
export function tongueOf(
  { codec, commands }: DeviceProfile,
  over: "serial" | "tcp",
  unit?: number,
): Tongue | undefined {
  const command = (name: string) => (commands[name] === undefined ? undefined : bytesOf(commands[name]));
  if (codec.kind === "modbus") {
    const own = unit === undefined ? codec : { ...codec, unit };
    return over === "tcp" ? modbusTcp(own) : { ask: () => askRtu(own), take: (bytes) => takeRtu(own, bytes) };
  }
  if (over === "tcp") return undefined;
  const [active, read, start] = [command("active"), command("read") ?? command("loop"), command("start")];
  if (codec.kind === "frame")
    return {
      ...(active ? { first: active } : read ? { ask: () => read } : {}),
      take: (bytes) => {
        const { frames, rest } = cutFrames(codec, bytes);
        return { answers: frames, rest };
      },
    };
  // It can also be asked, but its answer then has another form for each model; by itself it says what it measures.
  if (codec.kind === "winsen-gas" && active)
    return {
      first: active,
      take: (bytes) => {
        const { frames, rest } = cutWinsenGas(codec, bytes);
        return { answers: frames, rest };
      },
    };
  if (codec.kind === "shdlc" && read)
    return {
      ...(start ? { first: start } : {}),
      ask: () => read,
      take: (bytes) => {
        const from = bytes.indexOf(0x7e);
        const to = from < 0 ? -1 : bytes.indexOf(0x7e, from + 1);
        if (from < 0) return nothing(new Uint8Array());
        if (to < 0) return nothing(bytes);
        // Two marks side by side are the end of one answer and the beginning of the next.
        if (to === from + 1) return nothing(bytes.slice(to));
        const decoded = decodeShdlc(codec, bytes.subarray(from, to + 1));
        return { answers: [decoded], rest: bytes.slice(decoded.kind === "values" ? to + 1 : to) };
      },
    };
  return undefined;
}

function modbusTcp(codec: ModbusCodec): Tongue {
  let transaction = 0;
  return {
    ask: () => {
      transaction = (transaction + 1) & 0xffff;
      return askTcp(codec, transaction);
    },
    take: (bytes) => {
      const length = bytes.length < 6 ? Number.POSITIVE_INFINITY : 6 + bytes[4]! * 256 + bytes[5]!;
      if (bytes.length < length) return nothing(bytes);
      return { answers: [decodeTcp(codec, bytes.subarray(0, length), transaction)], rest: bytes.slice(length) };
    },
  };
}

/** An answer begins with unit and function; noise before it is skipped byte by byte until something checks. */
function takeRtu(codec: ModbusCodec, bytes: Uint8Array): Taken {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== codec.unit || (at + 1 < bytes.length && (bytes[at + 1]! & 0x7f) !== codec.function)) continue;
    const length = bytes[at + 1]! & 0x80 ? 5 : 5 + 2 * codec.count;
    if (bytes.length - at < length) return nothing(bytes.slice(at));
    const answer = decodeRtu(codec, bytes.subarray(at, at + length));
    if (answer.kind === "values" || bytes[at + 1]! & 0x80) return { answers: [answer], rest: bytes.slice(at + length) };
  }
  return nothing(new Uint8Array());
}

/** Modbus wants three and a half characters of quiet before a question; at the slowest usual speed that is, milliseconds. */
const quiet = 15;
/** A question without an answer for so long is asked again, milliseconds: the answer may have been lost in noise. */
const answering = 2000;

/**
 * Everything a sensor says over an open line, measurements and refused frames, until it fails. A question goes out when it
 * is its turn on the line, and again when its answer is lost. Throws SensorError when nothing or no measurement comes for
 * `patience`, or when the line ends.
 */
export async function* samplesOf(
  line: Line,
  { first, ask, take }: Tongue,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  const { interval, patience, signal } = manner;
  const bearable = judge(manner);
  using reader = byteReader(line.stream);
  let rest: Uint8Array = new Uint8Array();
  let heard = performance.now();

  /** What can be understood of the next bytes; nothing when none come in time. */
  async function understood(milliseconds: number): Promise<readonly Decoded[] | undefined> {
    const piece = await reader.next(milliseconds, signal);
    if (piece === undefined) return undefined;
    rest = Buffer.concat([rest, piece]);
    const answers: Decoded[] = [];
    for (let before = -1; before !== rest.length; ) {
      before = rest.length;
      const taken = take(rest);
      rest = taken.rest;
      answers.push(...taken.answers);
    }
    return answers;
  }

  async function asked(question: Uint8Array, milliseconds: number): Promise<readonly Decoded[]> {
    await wait(quiet, undefined, { signal });
    // What still comes of an earlier question, or of another sensor's, is no answer to this one.
    reader.forget();
    rest = new Uint8Array();
    line.stream.write(question);
    const deadline = performance.now() + milliseconds;
    for (;;) {
      const answers = await understood(deadline - performance.now());
      if (answers === undefined || answers.length > 0) return answers ?? [];
    }
  }

  if (first) await line.turn(async () => line.stream.write(first));
  for (;;) {
    const left = heard + patience - performance.now();
    if (left <= 0) throw new SensorError("silent", notUnderstood);
    const before = performance.now();
    const answers = await (ask
      ? line.turn(() => {
          // Waiting for others is no silence of this sensor.
          heard += performance.now() - before;
          return asked(ask(), Math.min(left, answering));
        })
      : understood(left));
    for (const answer of answers ?? []) {
      yield answer;
      bearable(answer);
      // Only now: what the taker of the answer needed is no silence either.
      heard = performance.now();
    }
    if (!ask || answers === undefined || answers.length === 0) continue;
    await wait(interval, undefined, { signal });
    heard = performance.now();
  }
}

/** Takes every answer of an open sensor, and throws SensorError when there was no measurement among them for too long. */
export function judge({ patience, warmUp }: Manner): (answer: Decoded) => void {
  const warm = performance.now() + warmUp;
  let measured = performance.now();
  return (answer) => {
    const now = performance.now();
    if (answer.kind === "values") measured = now;
    else if (now > Math.max(measured + patience, warm))
      throw new SensorError("refused", `it answers, but with no measurement: ${answer.why}`);
  };
}

/**
 * Asks a sensor that answers over HTTP, again and again, until it fails. Throws SensorError when an answer does not come
 * whole within `patience`, is an error or too long, or when no measurement comes for `patience`.
 */
export async function* reportsOf(profile: DeviceProfile, url: string, manner: Manner): AsyncGenerator<Decoded, void> {
  const { interval, patience, signal } = manner;
  const bearable = judge(manner);
  for (;;) {
    let text: string;
    try {
      text = await reportAt(url, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
    } catch (err) {
      signal.throwIfAborted();
      if (err instanceof SensorError) throw err;
      throw new SensorError("silent", "it does not answer", { cause: err });
    }
    const answer = decode(profile, { text });
    yield answer;
    bearable(answer);
    await wait(interval, undefined, { signal });
  }
}

/** A report is some hundred bytes; whatever else stands at that address must not fill the memory of the box. */
const longestReport = 65_536;

async function reportAt(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) {
    await answer.body?.cancel().catch(() => undefined);
    throw new SensorError("refused", `it answers ${answer.status}`);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.byteLength;
    // Leaving the loop also closes the connection.
    if (length > longestReport) throw new SensorError("refused", `its answer is longer than ${longestReport} bytes`);
    pieces.push(piece);
  }
  return new TextDecoder().decode(Buffer.concat(pieces));
}

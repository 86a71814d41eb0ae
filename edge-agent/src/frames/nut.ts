/**
 * Reads NUT, the container in which ffmpeg hands over raw pictures: the only one of its formats that carries each
 * picture's time beside it on a pipe without delay. Only what ffmpeg writes for one raw video stream is understood.
 * Format: https://ffmpeg.org/~michael/nut.txt (names below are the specification's).
 */
export type NutSink = {
  /** Asked for the memory of the next picture; its length must be the picture's. */
  readonly take: () => Uint8Array;
  /** The picture is complete. Time in milliseconds, as the stream counts. */
  readonly give: (data: Uint8Array, milliseconds: number) => void;
};

type FrameCode = { flags: number; stream: number; multiply: number; size: number; delta: number; reserved: number };

const magic = "nut/multimedia container\0";
const startCodes = {
  main: 0x4e4d7a561f5f04adn,
  stream: 0x4e5311405bf2f9dbn,
  syncpoint: 0x4e4be4adeeca4569n,
} as const;
const flag = { pts: 8, stream: 16, size: 32, checksum: 64, reserved: 128, header: 1024, match: 2048, coded: 4096 };
const invalid = 8192;
/** The largest header ffmpeg writes is a few hundred bytes; anything beyond this is not NUT. */
const headerLimit = 65_536;

/** Thrown inside when the bytes of a header have not all come yet. */
class Short extends Error {}

/** A view of header bytes that reads NUT's numbers. */
class Reader {
  at: number;
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new Short();
    this.at += 1;
    return value;
  }
  /** v: seven bits a byte, most significant first. */
  number(): number {
    let value = 0;
    for (;;) {
      const next = this.byte();
      value = value * 128 + (next & 127);
      if (next < 128) return value;
    }
  }
  /** s: signed, stored as 2|x| or 2|x|-1. */
  signed(): number {
    const value = this.number() + 1;
    return value % 2 === 1 ? -((value - 1) / 2) : value / 2;
  }
  skip(count: number): void {
    if (this.at + count > this.bytes.length) throw new Short();
    this.at += count;
  }
  startCode(): bigint {
    let value = 0n;
    for (let i = 0; i < 8; i += 1) value = (value << 8n) | BigInt(this.byte());
    return value;
  }
}

/** Feeds on the bytes of a NUT stream and gives pictures. Throws on anything that is not such a stream. */
export function nutReader(sink: NutSink): { feed(chunk: Uint8Array): void } {
  let head = new Uint8Array(0);
  let body: { data: Uint8Array; filled: number; time: number } | undefined;
  let begun = false;
  let codes: FrameCode[] = [];
  let bases: { numerator: number; denominator: number }[] = [];
  let base = 0;
  let shift = 0;
  let lastPts = 0;

  function mainHeader(reader: Reader): void {
    const version = reader.number();
    if (version > 3) reader.number();
    if (reader.number() !== 1) throw new Error("NUT: expected one stream");
    reader.number();
    bases = Array.from({ length: reader.number() }, () => ({
      numerator: reader.number(),
      denominator: reader.number(),
    }));
    codes = [];
    let now = { delta: 0, multiply: 1, stream: 0 };
    while (codes.length < 256) {
      const flags = reader.number();
      const fields = reader.number();
      const delta = fields > 0 ? reader.signed() : now.delta;
      const multiply = fields > 1 ? reader.number() : now.multiply;
      const stream = fields > 2 ? reader.number() : now.stream;
      const size = fields > 3 ? reader.number() : 0;
      const reserved = fields > 4 ? reader.number() : 0;
      let count = fields > 5 ? reader.number() : multiply - size;
      if (fields > 6) reader.signed();
      for (let rest = fields; rest > 7; rest -= 1) reader.number();
      now = { delta, multiply, stream };
      for (let step = 0; count > 0 && codes.length < 256; ) {
        // The letter N starts every start code, so it can never be a frame code.
        if (codes.length === 78) {
          codes.push({ flags: invalid, stream, multiply, size, delta, reserved });
          continue;
        }
        codes.push({ flags, stream, multiply, size: size + step, delta, reserved });
        step += 1;
        count -= 1;
      }
    }
  }

  function streamHeader(reader: Reader): void {
    reader.number();
    reader.number();
    reader.skip(reader.number());
    base = reader.number();
    shift = reader.number();
  }

  function syncpoint(reader: Reader): void {
    const coded = reader.number();
    const from = bases[coded % bases.length];
    const to = bases[base];
    if (!from || !to) throw new Error("NUT: time base missing");
    const ticks = Math.floor(coded / bases.length);
    lastPts = Math.floor((ticks * from.numerator * to.denominator) / (from.denominator * to.numerator));
  }

  /** One header packet or frame header. Leaves `body` set when picture bytes follow. */
  function header(reader: Reader): void {
    const code = reader.bytes[reader.at];
    if (code === undefined) throw new Short();
    if (code === 78) {
      const start = reader.startCode();
      const length = reader.number();
      if (length > headerLimit) throw new Error("NUT: header too long");
      if (length > 4096) reader.skip(4);
      const inside = reader.at;
      reader.skip(length);
      const content = new Reader(reader.bytes.subarray(0, reader.at), inside);
      if (start === startCodes.main) mainHeader(content);
      else if (start === startCodes.stream) streamHeader(content);
      else if (start === startCodes.syncpoint) syncpoint(content);
      return;
    }
    reader.byte();
    const plan = codes[code];
    if (!plan || plan.flags & invalid) throw new Error("NUT: not a frame code");
    const flags = plan.flags & flag.coded ? plan.flags ^ reader.number() : plan.flags;
    if (flags & flag.stream) reader.number();
    let pts = lastPts + plan.delta;
    if (flags & flag.pts) {
      const coded = reader.number();
      const span = 2 ** shift;
      if (coded >= span) pts = coded - span;
      else {
        const low = lastPts - Math.floor((span - 1) / 2);
        pts = low + ((((coded - low) % span) + span) % span);
      }
    }
    const bytes = plan.size + (flags & flag.size ? plan.multiply * reader.number() : 0);
    if (flags & flag.match) reader.signed();
    if (flags & flag.header) reader.number();
    const reserved = flags & flag.reserved ? reader.number() : plan.reserved;
    for (let i = 0; i < reserved; i += 1) reader.number();
    if (flags & flag.checksum) reader.skip(4);
    lastPts = pts;
    const unit = bases[base];
    if (!unit) throw new Error("NUT: time base missing");
    const data = sink.take();
    if (data.length !== bytes) throw new Error(`NUT: a picture of ${bytes} bytes where ${data.length} were expected`);
    body = { data, filled: 0, time: (pts * unit.numerator * 1000) / unit.denominator };
  }

  function fill(chunk: Uint8Array, from: number): number {
    if (!body) return from;
    const count = Math.min(chunk.length - from, body.data.length - body.filled);
    body.data.set(count === chunk.length ? chunk : chunk.subarray(from, from + count), body.filled);
    body.filled += count;
    if (body.filled === body.data.length) {
      const done = body;
      body = undefined;
      sink.give(done.data, done.time);
    }
    return from + count;
  }

  return {
    feed(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (body) {
          at = fill(chunk, at);
          continue;
        }
        // Headers may be cut anywhere: what is left over waits for the next chunk in `head`.
        const waiting = head.length;
        const bytes = waiting === 0 ? chunk.subarray(at) : joined(head, chunk.subarray(at, at + headerLimit));
        const reader = new Reader(bytes);
        try {
          if (begun) header(reader);
          else {
            reader.skip(magic.length);
            if (Buffer.from(bytes.subarray(0, magic.length)).toString("latin1") !== magic)
              throw new Error("NUT: the stream does not begin like one");
            begun = true;
          }
        } catch (err) {
          if (!(err instanceof Short)) throw err;
          if (bytes.length > headerLimit) throw new Error("NUT: header too long", { cause: err });
          head = Uint8Array.from(bytes);
          return;
        }
        at += reader.at - waiting;
        head = new Uint8Array(0);
      }
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

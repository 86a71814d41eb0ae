/** An RTSP request or answer as it stands on the wire; header names in lower case. */
export type RtspMessage = {
  readonly start: string;
  /** Headers in order; WWW-Authenticate may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
};

export type RtspSink = {
  readonly message: (message: RtspMessage) => void;
  /** An interleaved packet; its bytes are only good during the call. */
  readonly packet: (channel: number, packet: Buffer) => void;
};

const limit = 262_144;

/** Thrown for bytes that no RTSP peer sends. */
export class NotRtsp extends Error {
  override name = "NotRtsp";
}

export const header = (message: RtspMessage, name: string): string | undefined =>
  message.headers.find(([key]) => key === name)?.[1];

/** Takes a connection's bytes apart into messages and interleaved packets (RFC 2326, 10.12). */
export function rtspReader({ message, packet }: RtspSink): { feed(chunk: Buffer): void } {
  let rest: Buffer = Buffer.alloc(0);

  /** Handles what stands at `at`; answers how many bytes it took, 0 when it is not complete. */
  function take(bytes: Buffer, at: number): number {
    if (bytes[at] === 0x24) {
      if (bytes.length - at < 4) return 0;
      const length = bytes.readUInt16BE(at + 2);
      if (bytes.length - at < 4 + length) return 0;
      packet(bytes[at + 1] ?? 0, bytes.subarray(at + 4, at + 4 + length));
      return 4 + length;
    }
    // Some cameras put an empty line behind a body.
    if (bytes[at] === 13 || bytes[at] === 10) return 1;
    const end = bytes.indexOf("\r\n\r\n", at);
    const begin = bytes.toString("latin1", at, Math.min(at + 16, bytes.length));
    if (!/^[A-Z_]{0,16}($|[ /])/.test(begin)) throw new NotRtsp("not RTSP");
    if (end < 0) {
      if (bytes.length - at > limit) throw new NotRtsp("RTSP message too long");
      return 0;
    }
    const [start = "", ...lines] = bytes.toString("utf8", at, end).split("\r\n");
    if (!/ RTSP\/1\.\d$|^RTSP\/1\.\d /.test(start)) throw new NotRtsp("not RTSP");
    const headers = lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    });
    const length = Number(headers.find(([name]) => name === "content-length")?.[1] ?? 0);
    if (!(length >= 0 && length <= limit)) throw new NotRtsp("RTSP message too long");
    if (bytes.length < end + 4 + length) return 0;
    message({ start, headers, body: bytes.toString("utf8", end + 4, end + 4 + length) });
    return end + 4 + length - at;
  }

  return {
    feed(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (at < bytes.length) {
        const taken = take(bytes, at);
        if (taken === 0) break;
        at += taken;
      }
      rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
    },
  };
}

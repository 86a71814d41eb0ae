/** One RTSP request, header names in lower case. */
export type Request = {
  readonly method: string;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
};

const headLimit = 16_384;

/**
 * Takes a client's bytes apart: requests, and between them the interleaved packets (`$`, channel, length) that are its
 * receiver reports. Throws on anything else, so that an HTTP client is not waited for.
 */
export function requestReader(onRequest: (request: Request) => void): { feed(chunk: Uint8Array): void } {
  let rest = Buffer.alloc(0);
  return {
    feed(chunk) {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        if (rest[0] === 0x24) {
          if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return;
          rest = rest.subarray(4 + rest.readUInt16BE(2));
          continue;
        }
        const end = rest.indexOf("\r\n\r\n");
        if (end < 0) {
          if (rest.length > headLimit) throw new Error("RTSP request too long");
          return;
        }
        const [start = "", ...lines] = rest.subarray(0, end).toString("utf8").split("\r\n");
        const [, method, url] = /^([A-Z_]+) (\S+) RTSP\/1\.0$/.exec(start) ?? [];
        if (!method || !url) throw new Error("not an RTSP request");
        const headers = new Map(
          lines.map((line) => {
            const colon = line.indexOf(":");
            return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
          }),
        );
        const body = Number(headers.get("content-length") ?? 0);
        if (!(body >= 0 && body <= headLimit)) throw new Error("RTSP request too long");
        if (rest.length < end + 4 + body) return;
        rest = rest.subarray(end + 4 + body);
        onRequest({ method, url, headers });
      }
    },
  };
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { NotRtsp, type RtspMessage, rtspReader } from "./message.ts";

function read(bytes: Buffer, cuts: readonly number[]): { messages: RtspMessage[]; packets: string[] } {
  const messages: RtspMessage[] = [];
  const packets: string[] = [];
  const reader = rtspReader({
    message: (message) => messages.push(message),
    packet: (channel, packet) => packets.push(`${channel}:${packet.toString("hex")}`),
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    reader.feed(bytes.subarray(from, cut));
    from = cut;
  }
  return { messages, packets };
}

const talk = Buffer.concat([
  Buffer.from("RTSP/1.0 200 OK\r\nCSeq: 1\r\nWWW-Authenticate: Basic\r\nwww-authenticate: Digest x=y\r\n\r\n"),
  Buffer.from([0x24, 0, 0, 3, 1, 2, 3, 0x24, 1, 0, 0]),
  Buffer.from("RTSP/1.0 200 OK\r\nContent-Length: 5\r\nX:  a: b \r\n\r\n$12\r\n"),
  Buffer.from("\r\n"),
  Buffer.from([0x24, 2, 0, 1, 0x52]),
  Buffer.from("OPTIONS * RTSP/1.0\r\nCSeq: 9\r\n\r\n"),
]);

it("reads messages and the packets between them however the network cuts them", () => {
  const whole = read(talk, []);
  expect(whole.packets).toEqual(["0:010203", "1:", "2:52"]);
  expect(whole.messages.map((message) => message.start)).toEqual([
    "RTSP/1.0 200 OK",
    "RTSP/1.0 200 OK",
    "OPTIONS * RTSP/1.0",
  ]);
  expect(whole.messages[0]?.headers.filter(([name]) => name === "www-authenticate")).toHaveLength(2);
  expect(whole.messages[1]).toMatchObject({
    body: "$12\r\n",
    headers: [
      ["content-length", "5"],
      ["x", "a: b"],
    ],
  });
  fc.assert(
    fc.property(fc.array(fc.nat(talk.length), { maxLength: 60 }), (cuts) => {
      expect(read(talk, cuts)).toEqual(whole);
    }),
  );
});

it.each([
  ["a web server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
  ["a secure shell", "SSH-2.0-OpenSSH_9.2p1\r\n"],
  ["TLS", "\x15\x03\x01\x00\x02\x02\x28"],
  ["an endless line", `RTSP/1.0 200 ${"x".repeat(300_000)}`],
  ["a huge body", "RTSP/1.0 200 OK\r\nContent-Length: 999999999\r\n\r\n"],
  ["a body of negative length", "RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n"],
])("does not wait for the end of %s", (_, text) => {
  expect(() => read(Buffer.from(text, "latin1"), [])).toThrow(NotRtsp);
});

it("survives any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      try {
        read(Buffer.concat([Buffer.from("RTSP/1.0 "), bytes]), [7, 30]);
      } catch (err) {
        expect(err).toBeInstanceOf(NotRtsp);
      }
    }),
  );
});

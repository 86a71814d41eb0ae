import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sseParser } from "./sse.ts";

describe("server-sent events", () => {
  it("are the same however the text was cut", () => {
    const text =
      ': hello\nid: 7\nevent: alert\ndata: {"a":1}\n\ndata:x\ndata: y\r\n\r\nid:9\rdata: z\r\rdata: unfinished';
    const want = [
      { id: "7", event: "alert", data: '{"a":1}' },
      { id: "7", event: "message", data: "x\ny" },
      { id: "9", event: "message", data: "z" },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const parse = sseParser();
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(at.slice(1).flatMap((end, i) => parse(text.slice(at[i], end)))).toEqual(want);
      }),
    );
  });

  it("keep the id given at the start until another comes", () => {
    expect(sseParser("41")("data: x\n\n")).toEqual([{ id: "41", event: "message", data: "x" }]);
  });

  it("say nothing for a heartbeat", () => expect(sseParser()(":\n\n: beat\n\n")).toEqual([]));
});

import { describe, expect, it } from "vitest";
import { cutFrames, decodeFrame, type FrameCodec } from "./frame.ts";

const field = (name: string, at: number) => ({ name, unit: "1", at, type: "u8" as const });
/** Header 4D 42, two numbers, their sum; small enough to see every byte. */
const codec: FrameCodec = {
  ...{ kind: "frame", header: "4d42", length: 5 },
  checksum: { kind: "sum8", from: 2, to: 4, at: 4 },
  fields: [field("fine", 2), field("coarse", 3)],
};
const frame = (fine: number, coarse: number) => [0x4d, 0x42, fine, coarse, (fine + coarse) & 0xff];
const read = (more: Partial<FrameCodec>, fine: number, coarse: number) => {
  const decoded = decodeFrame({ ...codec, ...more }, Uint8Array.from(frame(fine, coarse)));
  return decoded.kind === "values" ? decoded.values.map(({ value }) => value) : decoded.why;
};

describe("a frame", () => {
  it("that contradicts itself is no measurement, and one with zeros that fit is", () => {
    const contradiction = { zero: "fine", above: "coarse" };
    expect(read({ contradiction }, 0, 1)).toBe("coarse without any fine: inconsistent");
    expect(read({ contradiction }, 0, 0)).toEqual([0, 0]);
    expect(read({ contradiction }, 1, 0)).toEqual([1, 0]);
    expect(read({ contradiction }, 1, 9)).toEqual([1, 9]);
    expect(read({ contradiction, fields: [field("fine", 9)] }, 0, 1)).toBe("no bytes for fine");
  });

  it("of which one part is all zero is no measurement while the sensor warms up", () => {
    const warming = { from: 2, to: 4 };
    expect([read({ warming }, 0, 0), read({ warming }, 0, 1)]).toEqual(["all zero: warming up", [0, 1]]);
  });

  it("of another kind with the same header and length is none", () => {
    const mark = { at: 3, bytes: "07" };
    expect([read({ mark }, 1, 7), read({ mark }, 1, 8)]).toEqual([[1, 7], "another kind of frame"]);
  });

  it("that broke off within its header is short, not another", () => {
    const why = (...bytes: number[]) => decodeFrame(codec, Uint8Array.from(bytes));
    expect(why(0x4d)).toEqual({ kind: "refused", why: "1 bytes where a frame has 5" });
    expect(why(0x4e)).toEqual({ kind: "refused", why: "wrong header" });
    expect(why(...frame(1, 2).with(1, 0x43))).toEqual({ kind: "refused", why: "wrong header" });
  });

  it("has its length, its end and its checksum", () => {
    expect(read({ length: 6 }, 1, 2)).toBe("5 bytes where a frame has 6");
    expect(read({ trailer: "09" }, 3, 6)).toEqual([3, 6]);
    expect(read({ trailer: "09" }, 3, 5)).toBe("wrong end");
    expect(decodeFrame(codec, Uint8Array.from([...frame(1, 2).slice(0, 4), 4]))).toEqual({
      kind: "refused",
      why: "checksum 4 where the bytes give 3",
    });
  });
});

describe("a line of frames", () => {
  const found = (line: readonly number[], more: Partial<FrameCodec> = {}) => {
    const { frames, rest } = cutFrames({ ...codec, ...more }, Uint8Array.from(line));
    return { said: frames.map((f) => (f.kind === "values" ? f.values[0]!.value : f.why)), rest: [...rest] };
  };

  it("is read to its last byte, and what may be the beginning of a frame is kept", () => {
    expect(found([...frame(1, 2), ...frame(3, 4)])).toEqual({ said: [1, 3], rest: [] });
    expect(found([9, ...frame(1, 2), 0x4d])).toEqual({ said: [1], rest: [0x4d] });
    expect(found([...frame(1, 2), 0x42])).toEqual({ said: [1], rest: [] });
    expect(found([...frame(1, 2), ...frame(3, 4).slice(0, 4)])).toEqual({ said: [1], rest: [0x4d, 0x42, 3, 4] });
  });

  it("has the frame that begins within a false one", () => {
    expect(found([0x4d, 0x42, ...frame(5, 6), ...frame(7, 8)])).toEqual({
      said: ["checksum 5 where the bytes give 143", 5, 7],
      rest: [],
    });
    expect(found([0x4d, ...frame(5, 6)])).toEqual({ said: [5], rest: [] });
  });

  it("is not searched for frames within one that is whole but no measurement", () => {
    // Its data are a whole frame of another length, by chance.
    const warming = { from: 2, to: 4 };
    expect(found([...frame(0, 0), ...frame(1, 2)], { warming })).toEqual({
      said: ["all zero: warming up", 1],
      rest: [],
    });
    const contradiction = { zero: "fine", above: "coarse" };
    expect(found([...frame(0, 0x4d), 0x42, ...frame(1, 2)], { contradiction })).toEqual({
      said: ["coarse without any fine: inconsistent", 1],
      rest: [],
    });
  });
});

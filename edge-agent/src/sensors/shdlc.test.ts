import { describe, expect, it } from "vitest";
import { bytesOf, hexOf } from "./bytes.ts";
import { decodeShdlc, unstuffed } from "./shdlc.ts";

const bytes = (hex: string) => bytesOf(hex)!;

describe("SHDLC", () => {
  it.each([
    ["7d5e", "7e"],
    ["7d5d", "7d"],
    ["7d31", "11"],
    ["7d33", "13"],
    ["7d5d31", "7d31"],
    ["7d5d5e", "7d5e"],
  ])("%s without its stuffing is %s", (stuffed, plain) => {
    expect(hexOf(unstuffed(bytes(stuffed))!)).toBe(plain);
  });
  it("does not end within a pair", () => expect(unstuffed(bytes("017d"))).toBeUndefined());
});

describe("an answer over SHDLC", () => {
  const codec = {
    kind: "shdlc" as const,
    command: 3,
    fields: [{ name: "pm25", unit: "ug/m3", at: 0, type: "u16be" as const }],
  };
  /** An answer with the checksum its bytes want, and stuffed. */
  const answer = (...plain: number[]) => {
    const sum = ~plain.reduce((a, b) => a + b, 0) & 0xff;
    const stuffed = [...plain, sum].flatMap((b) => ([0x7e, 0x7d, 0x11, 0x13].includes(b) ? [0x7d, b ^ 0x20] : [b]));
    return Uint8Array.from([0x7e, ...stuffed, 0x7e]);
  };

  it("is read, whatever bytes it is made of", () => {
    for (const value of [0x0102, 0x7e7d, 0x1113, 0xffff])
      expect(decodeShdlc(codec, answer(0, 3, 0, 2, value >> 8, value & 0xff))).toMatchObject({ values: [{ value }] });
  });

  it.each([
    ["an error by its number", answer(0, 3, 67, 0), "state 0x43: command not allowed in this state"],
    ["an error with the device's own trouble beside it", answer(0, 3, 0x80 | 1, 0), "state 0x81: wrong data length"],
    ["an unknown command", answer(0, 3, 2, 0), "state 0x2: unknown command"],
    ["no right", answer(0, 3, 3, 0), "state 0x3: no access right for the command"],
    ["a wrong parameter", answer(0, 3, 4, 0), "state 0x4: illegal command parameter"],
    ["an argument out of range", answer(0, 3, 40, 0), "state 0x28: internal function argument out of range"],
    ["an error nobody has a name for", answer(0, 3, 0x7f, 0), "state 0x7f: device error"],
    ["a state of the device alone", answer(0, 3, 0x80, 0), "state 0x80: device error"],
    ["another command's answer", answer(0, 4, 0, 2, 0, 1), "answer to command 4, not 3"],
    ["too little data", answer(0, 3, 0, 4, 0, 1), "length 4 with 2 bytes of data"],
    ["no data", answer(0, 3, 0, 0), "no new data"],
    ["half a field", answer(0, 3, 0, 1, 7), "no bytes for pm25"],
    ["nothing between its marks", bytes("7e7e"), "too short"],
    ["one mark", bytes("7e"), "not framed by 7E"],
    ["an end within a pair", bytes("7e00030000007d7e"), "too short"],
  ])("says why %s is no measurement", (_, sent, why) => {
    expect(decodeShdlc(codec, sent)).toEqual({ kind: "refused", why });
  });
});

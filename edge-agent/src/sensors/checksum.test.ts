import { describe, expect, it } from "vitest";
import { bytesOf } from "./bytes.ts";
import { crc8Sensirion, crc16Ccitt, crc16Modbus } from "./checksum.ts";

const bytes = (hex: string) => bytesOf(hex)!;

describe("checksums", () => {
  it("CRC-8 of Sensirion: BE EF gives 92, nothing gives FF", () => {
    expect([crc8Sensirion(bytes("beef")), crc8Sensirion(new Uint8Array())]).toEqual([0x92, 0xff]);
  });

  // yaacov/node-modbus-serial test/ports/rtubufferedport.test.js, and a maker's readme whose CRC is wrong.
  it.each([
    ["1103006b00037687", true],
    ["110306ae415652434049ad", true],
    ["1183044136", true],
    ["10200200004fc3", true],
    ["102015fcf2fb41bd6bc547880b02000a00f900d60200000261f5", false],
  ])("CRC-16 of Modbus in %s", (hex, sound) => {
    const b = bytes(hex);
    expect(crc16Modbus(b.subarray(0, -2)) === b.at(-2)! + 256 * b.at(-1)!).toBe(sound);
  });

  it("CRC-16 of Davis leaves nothing over a time answer", () => {
    expect(crc16Ccitt(bytes("25350a07067060ba"))).toBe(0);
  });
});

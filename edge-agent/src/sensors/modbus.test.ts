import { describe, expect, it } from "vitest";
import { bytesOf, hexOf } from "./bytes.ts";
import { crc16Modbus } from "./checksum.ts";
import { askRtu, askTcp, decodeRtu, decodeTcp, type ModbusCodec } from "./modbus.ts";

const bytes = (hex: string) => bytesOf(hex)!;

describe("Modbus", () => {
  const codec: ModbusCodec = {
    kind: "modbus",
    unit: 0x11,
    function: 3,
    start: 0x6b,
    count: 3,
    fields: [0, 1, 2].map((i) => ({ name: `r${i}`, unit: "1", at: 0x6b + i, type: "u16be" as const })),
  };

  it("asks for the registers and reads the answer", () => {
    expect(hexOf(askRtu(codec))).toBe("1103006b00037687");
    const decoded = decodeRtu(codec, bytes("110306ae415652434049ad"));
    expect(decoded.kind === "values" && decoded.values.map((v) => v.value)).toEqual([0xae41, 0x5652, 0x4340]);
  });

  it("names the exception of a device", () => {
    expect(decodeRtu(codec, bytes("1183044136"))).toEqual({ kind: "refused", why: "exception 4: device failure" });
  });

  it("matches an answer over TCP with its question", () => {
    expect(hexOf(askTcp(codec, 258))).toBe("0102000000061103006b0003");
    const answer = bytes("010200000009110306ae4156524340");
    expect([decodeTcp(codec, answer, 258).kind, decodeTcp(codec, answer, 259).kind]).toEqual(["values", "refused"]);
    expect(decodeTcp(codec, answer.slice(0, -1), 258)).toMatchObject({ kind: "refused" });
  });

  it("asks for registers and numbers of requests of any size", () => {
    const far = { ...codec, start: 0xabcd, count: 0x7d };
    expect(hexOf(askRtu(far)).slice(0, 12)).toBe("1103abcd007d");
    expect(hexOf(askTcp(far, 0xfedc))).toBe("fedc000000061103abcd007d");
  });

  it.each([
    [1, "illegal function"],
    [2, "illegal data address"],
    [3, "illegal data value"],
    [4, "device failure"],
    [5, "acknowledged, still busy"],
    [6, "device busy"],
    [8, "memory parity error"],
    [10, "gateway path unavailable"],
    [11, "gateway target did not answer"],
    [99, "unknown"],
  ])("exception %i is %s", (exception, meaning) => {
    const body = Uint8Array.of(0x11, 0x83, exception);
    expect(decodeTcp(codec, Uint8Array.from([0, 1, 0, 0, 0, 3, ...body]))).toEqual({
      kind: "refused",
      why: `exception ${exception}: ${meaning}`,
    });
  });

  const rtu = (...body: number[]) => {
    const crc = crc16Modbus(Uint8Array.from(body));
    return Uint8Array.from([...body, crc & 0xff, crc >> 8]);
  };
  it.each([
    ["another unit", rtu(0x12, 3, 6, 1, 2, 3, 4, 5, 6), "answer of unit 18, not 17"],
    ["another function", rtu(0x11, 4, 6, 1, 2, 3, 4, 5, 6), "answer to function 4, not 3"],
    ["fewer registers", rtu(0x11, 3, 4, 1, 2, 3, 4), "4 bytes for 3 registers"],
    [
      "a wrong length of as many bytes as there should be",
      rtu(0x11, 3, 4, 1, 2, 3, 4, 5, 6),
      "6 bytes for 3 registers",
    ],
    ["more bytes than it says", rtu(0x11, 3, 6, 1, 2, 3, 4, 5, 6, 7), "7 bytes for 3 registers"],
    ["next to nothing", rtu(0x11, 3), "4 bytes are too short"],
  ])("refuses an answer with %s", (_, answer, why) => {
    expect(decodeRtu(codec, answer)).toEqual({ kind: "refused", why });
  });

  it.each([
    ["another protocol", "010200010009110306ae4156524340", "not Modbus"],
    ["another protocol in its first byte", "010201000009110306ae4156524340", "not Modbus"],
    ["a length beyond its bytes", "010200000109110306ae4156524340", "wrong length"],
    ["a length below its bytes", "010200000008110306ae4156524340", "wrong length"],
    ["next to nothing", "0102000000021103", "8 bytes are too short"],
    ["another number", "010300000009110306ae4156524340", "answer to another request"],
    ["another number in its first byte", "020200000009110306ae4156524340", "answer to another request"],
  ])("refuses an answer over TCP with %s", (_, hex, why) => {
    expect(decodeTcp(codec, bytes(hex), 258)).toEqual({ kind: "refused", why });
  });
});

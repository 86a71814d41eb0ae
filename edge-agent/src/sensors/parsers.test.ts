import { describe, expect, it } from "vitest";
import { factorAt, ozone } from "./alphasense.ts";
import { compensate } from "./bme280.ts";
import { bytesOf, hexOf } from "./bytes.ts";
import { crc8Sensirion, crc16Ccitt, crc16Modbus } from "./checksum.ts";
import { readFields, rounded } from "./field.ts";
import { askRtu, askTcp, decodeRtu, decodeTcp, type ModbusCodec } from "./modbus.ts";
import { decodeSdi12, sdi12Crc, sdi12Values } from "./sdi12.ts";
import { unstuffed } from "./shdlc.ts";

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

describe("the compensation of a BME280", () => {
  const t = [27504, 26435, -1000] as const;
  const p = [36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000] as const;
  const with_ = (changes: Record<number, number>) => p.map((v, i) => changes[i] ?? v) as unknown as typeof p;
  const adc = (h: number) => ({ t: 519888, p: 415148, h });
  const pascal = (of: { pascal256: number | undefined }) => of.pascal256! / 256;

  it("gives the datasheet's example", () => {
    const of = compensate({ t, p, h: [75, 362, 0, 333, 0, 30] }, adc(25000));
    expect([of.tFine, of.celsius100, Math.round(pascal(of) * 100)]).toEqual([128422, 2508, 10065325]);
    expect(of.percent1024 / 1024).toBeCloseTo(20.778, 3);
  });

  // alp-sdk's tests of Bosch's code at the ends of the constants' ranges.
  it.each([
    ["signs turned", { 3: -2855, 4: -140, 6: -15500 }, [75, 363, 0, -349, -30, 30], 28656, 114530, 102400],
    ["humidity that overflows 32 bits", {}, [75, 363, 0, -2048, -2048, 30], 40960, 100653, 102400],
    ["the smallest pressure constants", { 3: -32768, 6: -32768 }, [75, 363, 0, 349, 30, 30], 28656, 197689, 35945],
  ] as [string, Record<number, number>, [number, number, number, number, number, number], number, number, number][])(
    "holds with %s",
    (_, changes, h, raw, pa, percent) => {
      const of = compensate({ t, p: with_(changes), h }, adc(raw));
      expect([of.celsius100, Math.floor(pascal(of)), of.percent1024]).toEqual([2508, pa, percent]);
    },
  );

  it("has no pressure where the formula would divide by zero", () => {
    expect(compensate({ t, p: with_({ 0: 0 }), h: [75, 362, 0, 333, 0, 30] }, adc(25000)).pascal256).toBeUndefined();
  });
});

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
});

describe("SDI-12", () => {
  it.each([
    ["0+3.14OqZ", "3.14"],
    ["0+3.14+2.718+1.414Ipz", "3.14 2.718 1.414"],
    ["0+1.11+2.22+3.33+4.44+5.55+6.66I]q", "1.11 2.22 3.33 4.44 5.55 6.66"],
    ["0+7.77+8.88+9.99IvW\r\n", "7.77 8.88 9.99"],
    ["0+3.14+2.718IWO", "3.14 2.718"],
    ["0AP@", ""],
  ])("reads %j", (line, values) =>
    expect(sdi12Values(line)).toEqual({ address: "0", values: values === "" ? [] : values.split(" ").map(Number) }),
  );

  it("does not read a line that lost a sign or a digit", () => {
    expect([sdi12Values("0+3.14+2.71IWO"), sdi12Values("03.14OqZ"), sdi12Values("")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("Alphasense", () => {
  const n = [1.3, 1.3, 1.3, 1.3, 1.0, 0.6, 0.4, 0.2, -1.5];
  it.each([
    [-50, 1.3],
    [10, 1.0],
    [25, 0.5],
    [50, -1.5],
    [70, -1.5],
  ])("the factor at %d degrees is %d", (celsius, factor) => expect(factorAt(n, celsius)).toBeCloseTo(factor, 12));

  it("takes the NO2 out of the ozone signal", () => {
    expect(ozone(0.02, 40, 0.0003, 0.0004)).toBeCloseTo(20, 9);
  });
});

it("rounds an exact half to the even neighbour", () => {
  expect([
    rounded(24.25, 1),
    rounded(24.35, 1),
    rounded(0.5, 0),
    rounded(1.5, 0),
    rounded(-0.25, 1),
    rounded(1.23456, 2),
  ]).toEqual([24.2, 24.4, 0, 2, -0.2, 1.23]);
});

describe("a value beyond the range of its field", () => {
  const field = { name: "pm25", unit: "ug/m3", at: 0, type: "u16be" as const, range: [0, 1000] as [number, number] };

  it("is told with its range, beside the others of the same frame", () => {
    expect(readFields(bytes("270f0007"), [field, { ...field, name: "pm10", at: 2 }])).toEqual({
      kind: "values",
      values: [
        { name: "pm25", value: 9999, unit: "ug/m3", outside: [0, 1000] },
        { name: "pm10", value: 7, unit: "ug/m3" },
      ],
    });
  });

  it("is told so on an SDI-12 line too", () => {
    const line = "0+1200";
    const decoded = decodeSdi12({ kind: "sdi12", fields: [field] }, line + sdi12Crc(line));
    expect(decoded).toMatchObject({ values: [{ value: 1200, outside: [0, 1000] }] });
  });

  it("is no value at all when it is endless", () => {
    const endless = readFields(bytes("7f800000"), [{ ...field, type: "f32be" }]);
    expect(endless).toMatchObject({ values: [{ value: null }] });
  });
});

import type { DeviceField } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { bytesOf } from "./bytes.ts";
import { readFields, rounded } from "./field.ts";
import { decodeSdi12, sdi12Crc } from "./sdi12.ts";

const bytes = (hex: string) => bytesOf(hex)!;

describe("a field of a frame", () => {
  const one = (type: DeviceField["type"], more: Partial<DeviceField> = {}) => ({
    name: "f",
    unit: "1",
    at: 0,
    type,
    ...more,
  });
  const read = (hex: string, field: DeviceField) => {
    const decoded = readFields(bytes(hex), [field]);
    return decoded.kind === "values" ? decoded.values[0]?.value : decoded.why;
  };

  it.each([
    ["u8", "f1", 0xf1],
    ["i8", "f1", -15],
    ["u16be", "f102", 0xf102],
    ["i16be", "f102", -3838],
    ["u16le", "02f1", 0xf102],
    ["i16le", "02f1", -3838],
    ["u24be", "f10203", 0xf10203],
    ["u32be", "f1020304", 0xf1020304],
    ["i32be", "f1020304", -251526396],
    ["u32le", "040302f1", 0xf1020304],
    ["f32be", "41240000", 10.25],
    ["f32le", "00002441", 10.25],
    ["hhmm", "8307", "19:23"],
    ["hhmm", "0500", "00:05"],
    ["hhmm", "3709", "23:59"],
    ["hhmm", "6009", null],
    ["hhmm", "3c00", null],
    ["hhmm", "ffff", null],
  ] as const)("of type %s in %s is %s, to its last byte and not beyond", (type, hex, value) => {
    expect(read(hex, one(type))).toBe(value);
    expect(read(hex.slice(2) || "00", { ...one(type), ...(hex.length === 2 ? { at: 1 } : {}) })).toBe("no bytes for f");
  });

  it("is masked, shifted, scaled, moved and rounded in this order", () => {
    expect(read("b7", one("u8", { mask: 0x3c, shift: 2, times: 3, divide: 7, plus: -1, places: 2 }))).toBe(4.57);
  });

  it("is nothing where the device says that it has none", () => {
    expect([
      read("7fff", one("i16be", { absent: [0x7fff] })),
      read("7ffe", one("i16be", { absent: [0x7fff] })),
    ]).toEqual([null, 0x7ffe]);
  });

  it("carries its quantity and its reference state where it has them", () => {
    const [named, bare] = [one("u8", { metric: "no2", reference: "293K" }), one("u8", { at: 1 })];
    expect(readFields(bytes("0102"), [named, bare])).toEqual({
      kind: "values",
      values: [
        { name: "f", value: 1, unit: "1", metric: "no2", reference: "293K" },
        { name: "f", value: 2, unit: "1" },
      ],
    });
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

  it("is not what lies exactly at its ends", () => {
    expect(readFields(bytes("000003e8"), [field, { ...field, at: 2 }])).toEqual({
      kind: "values",
      values: [
        { name: "pm25", value: 0, unit: "ug/m3" },
        { name: "pm25", value: 1000, unit: "ug/m3" },
      ],
    });
  });
});

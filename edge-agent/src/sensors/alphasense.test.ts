import type { DeviceCodec } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { compensatedVolts, decodeAlphasense, factorAt, ozone } from "./alphasense.ts";

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

  // Worked by hand from AAN 803: WE 0.340 V, AE 0.310 V, electronic zeros 0.290 and 0.280 V, cell zeros 0.012 and 0.006 V.
  it.each([
    [1, 0.05 - 1.3 * 0.03],
    [2, 0.05 - 1.3 * 2 * 0.03],
    [3, 0.05 - 0.006 - 1.3 * 0.03],
    [4, 0.05 - 0.012 - 0.0013],
  ] as const)("algorithm %i leaves %d V of the gas", (algorithm, volts) => {
    const certificate = {
      ...{ workingElectronic: 0.29, auxiliaryElectronic: 0.28, workingZero: 0.012, auxiliaryZero: 0.006 },
      sensitivity: 0.0003,
    };
    expect(compensatedVolts({ algorithm, factors: n, certificate }, 0.34, 0.31, -10)).toBeCloseTo(volts, 12);
  });

  describe("on its converter", () => {
    const codec: Extract<DeviceCodec, { kind: "alphasense" }> = {
      ...{ kind: "alphasense", metric: "no2", algorithm: 1, factors: n, step: 0.000125, reference: "298K" },
      certificate: {
        ...{ workingElectronic: 0, auxiliaryElectronic: 0, workingZero: 0, auxiliaryZero: 0, sensitivity: 0.001 },
      },
      range: [0, 1000],
    };
    const read = (we: number, ae: number, celsius100: number) => {
      const view = new DataView(new ArrayBuffer(6));
      for (const [i, value] of [we, ae, celsius100].entries()) view.setInt16(2 * i, value);
      return decodeAlphasense(codec, new Uint8Array(view.buffer));
    };

    it("tells the gas and the temperature it was worked out with", () => {
      // 0.5 V and 0.1 V at 25 °C, where the factor is 0.5.
      expect(read(4000, 800, 2500)).toMatchObject({ values: [{ metric: "no2", value: 450 }, { value: 25 }] });
      expect(read(-80, 0, -4000)).toMatchObject({ values: [{ value: -10, outside: [0, 1000] }, { value: -40 }] });
      expect(read(0, 0, 8500)).toMatchObject({ kind: "values" });
    });

    it.each([
      ["a working electrode at the converter's end", [0x7fff, 0, 2500], "the converter is at its end"],
      ["an auxiliary electrode at the converter's end", [0, 0x7fff, 2500], "the converter is at its end"],
      ["a cold that is not possible", [0, 0, -4001], "temperature of -40.01 °C is not possible"],
      ["a heat that is not possible", [0, 0, 8501], "temperature of 85.01 °C is not possible"],
    ] as [string, [number, number, number], string][])("refuses %s", (_, given, why) => {
      expect(read(...given)).toEqual({ kind: "refused", why });
    });
  });
});

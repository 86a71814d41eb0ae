import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { inRange } from "./field.ts";

type AlphasenseCodec = Extract<DeviceCodec, { kind: "alphasense" }>;

/** The temperature factor between the table's ten-degree steps from -30 to 50 °C; the ends hold beyond them. */
export function factorAt(factors: readonly number[], celsius: number): number {
  const at = Math.min(Math.max((celsius + 30) / 10, 0), factors.length - 1);
  const below = Math.min(Math.floor(at), factors.length - 2);
  return factors[below]! + (at - below) * (factors[below + 1]! - factors[below]!);
}

/** The working electrode's voltage freed of zero and temperature, by one of the four algorithms of AAN 803. */
export function compensatedVolts(
  { algorithm, factors, certificate: c }: Pick<AlphasenseCodec, "algorithm" | "factors" | "certificate">,
  working: number,
  auxiliary: number,
  celsius: number,
): number {
  const factor = factorAt(factors, celsius);
  const we = working - c.workingElectronic;
  const ae = auxiliary - c.auxiliaryElectronic;
  switch (algorithm) {
    case 1:
      return we - factor * ae;
    case 2:
      return we - factor * (c.workingZero / c.auxiliaryZero) * ae;
    case 3:
      return we - (c.workingZero - c.auxiliaryZero) - factor * ae;
    case 4:
      // The fourth factor is in millivolts.
      return we - c.workingZero - factor / 1000;
    default:
      return algorithm satisfies never;
  }
}

/** Ozone, which the OX sensor sees together with NO2: what is left of its signal when the NO2 is taken out, in ppb. */
export function ozone(oxVolts: number, no2Ppb: number, no2Sensitivity: number, o3Sensitivity: number): number {
  return (oxVolts - no2Ppb * no2Sensitivity) / o3Sensitivity;
}

/** Decodes three readings of an ADS1115 (working, auxiliary, and the temperature in 0.01 °C), each two bytes. */
export function decodeAlphasense(codec: AlphasenseCodec, bytes: Uint8Array): Decoded {
  if (bytes.length !== 6) return refused(`${bytes.length} bytes where three readings have 6`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 6);
  const [we, ae, celsius] = [view.getInt16(0) * codec.step, view.getInt16(2) * codec.step, view.getInt16(4) / 100];
  if (view.getInt16(0) === 0x7fff || view.getInt16(2) === 0x7fff) return refused("the converter is at its end");
  if (celsius < -40 || celsius > 85) return refused(`temperature of ${celsius} °C is not possible`);
  const volts = compensatedVolts(codec, we, ae, celsius);
  const ppb = Number((volts / codec.certificate.sensitivity).toFixed(2));
  return {
    kind: "values",
    values: [
      inRange(
        { name: "gas", value: ppb, unit: "[ppb]", metric: codec.metric, reference: codec.reference },
        codec.range,
      ),
      { name: "temp", value: celsius, unit: "Cel", metric: "temperature" },
    ],
  };
}

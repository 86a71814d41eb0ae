import { readdirSync, readFileSync } from "node:fs";
import { DeviceProfile } from "@openkerb/contract";
import { compensate } from "@openkerb/edge-agent/sensors/bme280";
import { bytesOf } from "@openkerb/edge-agent/sensors/bytes";
import { crc16Modbus } from "@openkerb/edge-agent/sensors/checksum";
import { decode } from "@openkerb/edge-agent/sensors/decode";
import { sdi12Values } from "@openkerb/edge-agent/sensors/sdi12";
import { type Row, tally } from "./row.ts";

const folder = new URL("../../../firmware-config/devices/", import.meta.url);
const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Captured frames of real sensors against the profiles. */
export function frameRows(vectors: string): Row[] {
  const profiles = readdirSync(folder).map((file) =>
    DeviceProfile.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
  );
  const profile = (sensor: string) =>
    profiles.find(({ name, models }) => [name, ...models].some((n) => plain(n) === plain(sensor)))!;
  const of = JSON.parse(readFileSync(`${vectors}/frames.json`, "utf8"));
  const [good, bad] = [tally(), tally()];
  const valuesOf = (sensor: string, hex: string) => {
    const decoded = decode(profile(sensor), { hex });
    return decoded.kind === "values" ? Object.fromEntries(decoded.values.map((v) => [v.name, v.value])) : decoded.why;
  };
  for (const [sensor, frames] of Object.entries(
    of.frames as Record<string, { hex: string; expect: Record<string, number> }[]>,
  ))
    for (const { hex, expect } of frames) {
      const values = valuesOf(sensor, hex);
      const own =
        typeof values === "string" ? values : Object.fromEntries(Object.keys(expect).map((k) => [k, values[k]]));
      good.check(`${sensor} ${hex.slice(0, 16)}`, own, expect);
    }
  for (const { sensor, hex } of of.good)
    good.check(`${sensor} ${hex.slice(0, 16)}`, typeof valuesOf(sensor, hex), "object");
  const davis = valuesOf("davis-loop", of.davis_loop.hex);
  if (typeof davis !== "string")
    for (const [name, value] of Object.entries(of.davis_loop.expect)) good.check(`Davis ${name}`, davis[name], value);
  good.check("Winsen ZE12A", valuesOf("ze12a", of.winsen_ze12a.hex), { CO: 0, full_range: 12_500 });
  for (const line of of.sdi12) good.check(`SDI-12 ${line}`, sdi12Values(line) !== undefined, true);
  const sound = (hex: string) => {
    const bytes = bytesOf(hex)!;
    return crc16Modbus(bytes.subarray(0, -2)) === bytes.at(-2)! + 256 * bytes.at(-1)!;
  };
  for (const { req, resp, exc, bad_doc_example } of of.modbus_rtu) {
    for (const hex of [req, resp, exc]) if (hex) good.check(`Modbus ${hex}`, sound(hex), true);
    if (bad_doc_example) bad.check("Modbus with a wrong CRC", sound(bad_doc_example), false);
  }
  const [first] = of.bme280;
  for (const c of of.bme280) {
    const p = [...first.cal.P];
    for (const [i, name] of [
      [3, "P4"],
      [4, "P5"],
      [6, "P7"],
    ] as const)
      if (c[name] !== undefined) p[i] = c[name];
    // "P4,P5,P7 turned" applies to the case that gives them; the third case keeps the datasheet's pressure constants.
    const [t, raw, h] = c.adc ?? first.adc;
    const got = compensate({ t: first.cal.T, p: p as never, h: c.H ?? c.cal.H }, { t, p: raw, h });
    good.check(`BME280 ${c.note ?? "datasheet"}`, got.celsius100, c.T_c100);
    good.close(`BME280 pressure ${c.note ?? "datasheet"}`, got.pascal256! / 256, c.P_pa, 1);
    if (c.H_x1024) good.check(`BME280 humidity ${c.note}`, got.percent1024, c.H_x1024);
  }
  for (const { sensor, hex, why } of of.bad) bad.check(`${sensor}: ${why}`, typeof valuesOf(sensor, hex), "string");
  return [
    {
      what: "captured frames",
      measured: `${good.right()} of ${good.all()} checks right${good.wrong() ? `\n    ${good.wrong()}` : ""}; ${bad.right()} of ${bad.all()} bad ones refused${bad.wrong() ? `\n    ${bad.wrong()}` : ""}`,
      least: "all decoded, all bad ones refused",
      met: good.right() === good.all() && bad.right() === bad.all(),
    },
  ];
}

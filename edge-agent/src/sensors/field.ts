import type { DeviceField, FieldType } from "@openkerb/contract";
import type { Decoded, FieldValue } from "./bytes.ts";
import { refused } from "./bytes.ts";

const widths: Readonly<Record<FieldType, number>> = {
  u8: 1,
  i8: 1,
  u16be: 2,
  i16be: 2,
  u16le: 2,
  i16le: 2,
  u24be: 3,
  u32be: 4,
  i32be: 4,
  u32le: 4,
  f32be: 4,
  f32le: 4,
  hhmm: 2,
};

function rawAt(bytes: Uint8Array, at: number, type: FieldType): number | undefined {
  if (at + widths[type] > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case "u8":
      return view.getUint8(at);
    case "i8":
      return view.getInt8(at);
    case "u16be":
      return view.getUint16(at);
    case "i16be":
      return view.getInt16(at);
    case "u16le":
    case "hhmm":
      return view.getUint16(at, true);
    case "i16le":
      return view.getInt16(at, true);
    case "u24be":
      return view.getUint16(at) * 256 + view.getUint8(at + 2);
    case "u32be":
      return view.getUint32(at);
    case "i32be":
      return view.getInt32(at);
    case "u32le":
      return view.getUint32(at, true);
    case "f32be":
      return view.getFloat32(at);
    case "f32le":
      return view.getFloat32(at, true);
    default:
      return type satisfies never;
  }
}

/** To so many places, an exact half to the even neighbour, so that a mean over many values is not lifted. */
export function rounded(value: number, places: number | undefined): number {
  if (places === undefined) return value;
  const scale = 10 ** places;
  const below = Math.floor(value * scale);
  const half = value * scale - below === 0.5;
  return half ? (below + (below % 2 === 0 ? 0 : 1)) / scale : Number(value.toFixed(places));
}

/** A raw number in the field's own unit. */
export function scaled(
  raw: number,
  field: Pick<DeviceField, "mask" | "shift" | "times" | "divide" | "plus" | "places">,
): number {
  const bits = field.mask === undefined ? raw : (raw & field.mask) >> (field.shift ?? 0);
  return rounded((bits * (field.times ?? 1)) / (field.divide ?? 1) + (field.plus ?? 0), field.places);
}

/** The value itself, or marked when it is beyond what can be measured. */
export const inRange = (value: FieldValue, range: DeviceField["range"]): FieldValue =>
  range && typeof value.value === "number" && (value.value < range[0] || value.value > range[1])
    ? { ...value, outside: range }
    : value;

/** A value with what is known of it; one beyond the field's range says so. */
export const labelled = (
  { name, unit, metric, reference, range }: Pick<DeviceField, "name" | "unit" | "metric" | "reference" | "range">,
  value: FieldValue["value"],
): FieldValue =>
  inRange(
    {
      name,
      value,
      unit,
      ...(metric === undefined ? {} : { metric }),
      ...(reference === undefined ? {} : { reference }),
    },
    range,
  );

/** 1923 as 19:23; what is no time of a day, such as the 65535 of a station that knows none, is nothing. */
function clockTime(raw: number): string | null {
  const [hour, minute] = [Math.floor(raw / 100), raw % 100];
  return hour > 23 || minute > 59 ? null : `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** Reads every field out of the bytes; `offset` says where a field's place lies (registers are two bytes each). */
export function readFields(bytes: Uint8Array, fields: readonly DeviceField[], offset = (at: number) => at): Decoded {
  const values: FieldValue[] = [];
  for (const field of fields) {
    const raw = rawAt(bytes, offset(field.at), field.type);
    if (raw === undefined) return refused(`no bytes for ${field.name}`);
    if (field.absent?.includes(raw) || !Number.isFinite(raw)) {
      values.push(labelled(field, null));
      continue;
    }
    values.push(labelled(field, field.type === "hhmm" ? clockTime(raw) : scaled(raw, field)));
  }
  return { kind: "values", values };
}

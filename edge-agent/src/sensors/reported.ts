import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, type FieldValue, refused } from "./bytes.ts";
import { labelled, scaled } from "./field.ts";

type Json = unknown;

/** One step into a report: a key, or `*=SDS_P1` for the entry of a list with that value_type. */
function stepInto(json: Json, key: string): Json {
  if (key.startsWith("*=")) {
    if (!Array.isArray(json)) return undefined;
    const wanted = key.slice(2);
    return json.find((entry: { value_type?: unknown } | null) => entry?.value_type === wanted);
  }
  return typeof json === "object" && json !== null && Object.hasOwn(json, key)
    ? (json as Record<string, Json>)[key]
    : undefined;
}

/**
 * Reads the report of a sensor that speaks for itself. A field may be absent (an AirGradient that has just started leaves
 * them out) and is then not there; a field that is there but is no number is refused. Numbers may come as text.
 */
export function decodeReported({ fields }: Extract<DeviceCodec, { kind: "json" }>, text: string): Decoded {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    return refused("not JSON");
  }
  const values: FieldValue[] = [];
  for (const field of fields) {
    if (field.only && field.only.path.reduce(stepInto, json) !== field.only.is) continue;
    const found = field.path.reduce(stepInto, json);
    if (found === undefined || found === null) continue;
    const raw =
      typeof found === "number" ? found : typeof found === "string" && found.trim() !== "" ? Number(found) : Number.NaN;
    if (!Number.isFinite(raw)) return refused(`${field.name} is not a number`);
    values.push(labelled(field, scaled(raw, field)));
  }
  return values.length === 0 ? refused("none of the fields is there") : { kind: "values", values };
}

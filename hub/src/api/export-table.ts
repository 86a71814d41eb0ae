import type { Channel, ReadingBin } from "../store/reading-queries.ts";
import { definitions } from "./sta/vocabulary.ts";

const flags = [
  ["good", "1"],
  ["not_evaluated", "2"],
  ["suspect", "3"],
  ["fail", "4"],
  ["missing", "9"],
] as const;
const own = (name: string): string => `urn:openkerb:column:${name}`;

type Column = { readonly name: string; readonly [annotation: string]: unknown };
const column = (name: string, about: string, more: Record<string, unknown>): Column => ({
  name,
  titles: name,
  "dc:description": about,
  propertyUrl: own(name),
  ...more,
});
const text = { datatype: "string", required: true } as const;

/** The columns in order, in the words of CSV on the Web (W3C Tabular Metadata, 2015). Rain has its sum as well. */
export function tableColumns({ metric, unit }: Pick<Channel, "metric" | "unit">): Column[] {
  // An empty cell is a mean that cannot be made.
  const value = { datatype: { base: "double" }, null: "", "schema:unitCode": unit };
  const measured =
    metric === "wind-direction" ? "Mean direction" : metric === "laeq" || metric === "lceq" ? "Energy mean" : "Mean";
  const time = { datatype: { base: "dateTimeStamp", format: "yyyy-MM-ddTHH:mm:ss.SSSX" }, required: true };
  return [
    column("time", "Start of the hour or day, UTC", {
      ...time,
      propertyUrl: "http://www.w3.org/2006/time#hasBeginning",
    }),
    column("utc_offset", "How far the place's clock is from UTC, the same all year", text),
    column("mean", `${measured} of readings with the QARTOD flags 1, 2 and 3`, {
      ...value,
      propertyUrl: definitions[metric].definition,
    }),
    column("min", "Lowest of the same readings", value),
    column("max", "Highest of the same readings", value),
    ...(metric === "rain" ? [column("sum", "Sum of the same readings", value)] : []),
    column("coverage", "Part of the time that the same readings cover", {
      datatype: { base: "decimal", format: "0.0000", minimum: "0", maximum: "1" },
      required: true,
    }),
    ...flags.map(([name, flag]) =>
      column(name, `Readings with the QARTOD flag ${flag}`, {
        datatype: { base: "nonNegativeInteger" },
        required: true,
      }),
    ),
    column("unit", "UCUM code of mean, min and max", text),
    column("reference", "State that the volume of a gas is stated at", { datatype: "string", null: "" }),
    column("device", "The box", text),
    column("sensor", "The sensor of the box", text),
    column("correction", "Correction and its version; empty for raw values", { datatype: "string", null: "" }),
    column("source", "Sensor profile with its version; all that ever made values of the channel", {
      datatype: "string",
      separator: " ",
      ordered: true,
    }),
  ];
}

/** A text cell. A program that opens tables would take one that begins with = + - or @ for a formula. */
export function textCell(content: string): string {
  const safe = /^[=+\-@\t\r]/.test(content) ? `'${content}` : content;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** `UTC+01:00` for 1. */
export function offsetText(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `UTC${hours < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

type About = { readonly channel: Channel; readonly offset: number; readonly sources: readonly string[] };

/** One row in the order of the columns. */
export function tableRow(bin: ReadingBin, { channel, offset, sources }: About): string {
  const { mean, min, max } = bin;
  const counted = bin.flags["1"] + bin.flags["2"] + bin.flags["3"];
  return [
    new Date(bin.from).toISOString(),
    offsetText(offset),
    mean ?? "",
    min ?? "",
    max ?? "",
    ...(channel.metric === "rain" ? [mean === undefined ? "" : Number((mean * counted).toPrecision(12))] : []),
    bin.coverage.toFixed(4),
    ...flags.map(([, flag]) => bin.flags[flag]),
    textCell(channel.unit),
    textCell(channel.reference ?? ""),
    textCell(channel.device),
    textCell(channel.sensor),
    textCell(channel.correction ?? ""),
    textCell(sources.join(" ")),
  ].join(",");
}

import {
  type Alert,
  AlertKind,
  AlertWords,
  CameraTrouble,
  DeviceTrouble,
  SensorState,
  sentences,
  type Translation,
  translate,
} from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { air, bay, box, raised, t } from "./made-alerts.ts";
import { type Names, wordsOf } from "./words.ts";

const names: Names = {
  site: () => "Mill Road",
  camera: () => "Camera 2",
  zone: () => "the loading bay",
  sensor: ({ sensor }) => sensor ?? "without a name",
};
const say = (alert: Partial<Alert>, now = t(250)) => wordsOf({ ...raised, ...alert }, names, now);
const over = { condition: "cleared", cleared: t(250) } as const;

describe("what an operator reads", () => {
  it.each<[string, Partial<Alert>, string]>([
    [
      "blind",
      { kind: "camera-dark", detail: {} },
      "Camera 2 at Mill Road has been blind for 4 minutes: lens covered or night without light.",
    ],
    [
      "frozen",
      { kind: "camera-frozen" },
      "Camera 2 at Mill Road has sent the same picture for 4 minutes: it is stuck, or somebody shows it a still.",
    ],
    ["away", {}, "Camera 2 at Mill Road cannot be reached. It has been so for 4 minutes."],
    ["back", over, "Camera 2 at Mill Road was out for 4 minutes and works again."],
    [
      "often",
      { occurrences: 3 },
      "Camera 2 at Mill Road cannot be reached. It has been so for 4 minutes. This has happened 3 times since the alert was opened.",
    ],
    [
      "a car",
      { kind: "vehicle-stopped", place: bay, last: t(70), detail: { class: "car", dwell: 60_000 } },
      "A car has been standing in the loading bay at Mill Road for 4 minutes, longer than is allowed there.",
    ],
    [
      "a bus went",
      { kind: "vehicle-stopped", place: bay, ...over, detail: { class: "bus", dwell: 60_000 } },
      "A bus stood in the loading bay at Mill Road for 5 minutes, longer than is allowed there. It has gone, or is out of sight.",
    ],
    [
      "a box",
      { kind: "device-offline", place: box, detail: { why: "lost" } },
      "Box kerb-01 at Mill Road has lost its connection, now for 4 minutes.",
    ],
    [
      "a box is back",
      { kind: "device-offline", place: box, ...over, detail: { why: "any" } },
      "Box kerb-01 at Mill Road was offline for 4 minutes and is back.",
    ],
    [
      "full",
      { kind: "device-troubled", place: box, detail: { trouble: "disk-low" } },
      "Box kerb-01 at Mill Road has hardly any room left on its disk. It has been so for 4 minutes.",
    ],
    [
      "lost",
      { kind: "data-lost", place: box, detail: { why: "disk-full", items: 1200 } },
      "1,200 measurements of box kerb-01 at Mill Road are lost for good: its disk was full before they could be sent.",
    ],
    [
      "doubled",
      { kind: "device-doubled", place: box, detail: {} },
      "Two boxes use the id kerb-01 of Mill Road and throw each other out. It has been so for 4 minutes.",
    ],
    [
      "a sensor",
      { kind: "sensor-failed", place: air, detail: { trouble: "silent" } },
      "The sensor “air” at Mill Road has said nothing for 4 minutes: its cable or its power is the usual cause.",
    ],
    [
      "a sensor is back",
      { kind: "sensor-failed", place: air, detail: { trouble: "silent" }, ...over },
      "The sensor “air” at Mill Road did not measure for 4 minutes. That is over.",
    ],
    [
      "air",
      {
        kind: "air-warning",
        place: box,
        detail: { pollutant: "o3", kind: "alert", statistic: "hour", threshold: 240, length: 3, peak: 262.4 },
      },
      "Ozone at Mill Road has an hourly mean above the alert threshold of 240 µg/m³: up to 262.4 µg/m³ in the 3 hours before this was noticed. It has been so for 4 minutes.",
    ],
    [
      "the index of a region",
      {
        kind: "air-warning",
        place: box,
        detail: {
          pollutant: "pm25",
          kind: "information",
          statistic: "hour",
          index: "cn",
          threshold: 200,
          length: 3,
          peak: 241,
        },
      },
      "PM2.5 at Mill Road puts the hourly air quality index of HJ 633 above 200: up to 241 in the 3 hours before this was noticed. It has been so for 4 minutes.",
    ],
    [
      "lost, nobody knows how much",
      { kind: "data-lost", place: box, detail: { why: "damaged" } },
      "An unknown number of measurements of box kerb-01 at Mill Road is lost for good: its store of unsent measurements was damaged.",
    ],
    [
      "future",
      { kind: "clock-wrong", place: box, detail: { trouble: "future-time" } },
      "The clock of box kerb-01 at Mill Road has been wrong for 4 minutes: it sends times that lie ahead of us.",
    ],
  ])("%s", (_, alert, sentence) => expect(say(alert).sentence).toBe(sentence));

  it("says where, from the place down to the zone", () => {
    expect(say({ kind: "vehicle-stopped", place: bay }).where).toBe("Mill Road, the loading bay, Camera 2");
    expect(say({ kind: "device-offline", place: box }).where).toBe("Mill Road");
    expect(say({ kind: "sensor-failed", place: air }).where).toBe("Mill Road, air");
  });

  const details = [
    ...CameraTrouble.options,
    ...DeviceTrouble.options,
    ...SensorState.options,
    "future-time",
    "something new",
  ].map((trouble) => ({ trouble }));
  const all = AlertKind.options.flatMap((kind) =>
    [...details, { why: "lost" }, { why: "silent" }, { why: "stopped" }, {}].flatMap((detail) => [
      { kind, detail, place: bay },
      { kind, detail, place: bay, ...over },
    ]),
  );
  it("has whole sentences for every kind and every trouble, and no code in them", () => {
    for (const alert of all) {
      const words = AlertWords.parse(say(alert));
      for (const sentence of [words.sentence, words.consequence, words.action]) expect(sentence).toMatch(/^[A-Z].*\.$/);
      expect(words.title).toMatch(/^[A-Z].*[a-z0-9]$/);
      expect(Object.values(words).join(" ")).not.toMatch(/undefined|NaN|\[object|camera-|device-|login-| {2}/);
    }
  });

  it("says nothing that the screens could not find in their catalogues", () => {
    const english = {
      sentences: Object.fromEntries(
        Object.entries(sentences).map(([id, template]) => [id, template.replace(/:\w+\}/g, "}")]),
      ) as Translation,
      metric: (metric: string) => metric,
      ...{ comma: ", ", clause: ", ", semicolon: "; ", stop: "." },
    };
    const details = { class: "car", dwell: 60_000, items: 3, why: "age" };
    const air = { pollutant: "o3", kind: "alert", statistic: "hour", threshold: 240, length: 3, peak: 262.4 };
    for (const alert of all)
      for (const more of [{}, { occurrences: 3 }, { detail: { ...alert.detail, ...details } }, { detail: air }]) {
        const { where: _, ...words } = say({ ...alert, ...more });
        for (const said of Object.values(words)) expect(translate(said, english, { site: "Mill Road" })).toBe(said);
      }
  });

  it("tells an operator what to do about each trouble of a sensor, in words of its own", () => {
    const troubles = ["silent", "unplugged", "refused", "cut-off", "busy", "something new"];
    const said = troubles.map((trouble) => say({ kind: "sensor-failed", place: air, detail: { trouble } }));
    for (const part of ["title", "sentence", "action"] as const)
      expect(new Set(said.map((words) => words[part])).size).toBe(troubles.length);
  });

  it.each([
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [7199, "119 minutes"],
    [7200, "2 hours"],
    [172_800, "2 days"],
  ])("after %i s it says %s", (seconds, words) =>
    expect(say({}, t(seconds)).sentence).toBe(`Camera 2 at Mill Road cannot be reached. It has been so for ${words}.`),
  );
});

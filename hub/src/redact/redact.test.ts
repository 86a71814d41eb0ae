import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactBirth, redactEvent, redactHealth, redactReading, redactState } from "./redact.ts";
import { removed, scrub } from "./scrub.ts";

const provenance = { source: "model:centernet6@0123456789ab", config: "0123456789ab" };
const event = {
  kind: "line-crossed",
  at: 1,
  clock: "synced",
  quality: 1,
  provenance,
  camera: "north",
  line: "kerb",
  direction: "in",
  class: "car",
};
const reading = {
  at: 1,
  averaging: 60_000,
  sensor: "air",
  metric: "pm25",
  value: 7.5,
  unit: "ug/m3",
  clock: "synced",
  quality: 1,
  provenance,
};
const birth = {
  v: 1,
  device: "box-1",
  site: "street",
  session: 1,
  epoch: "0123456789abcdef",
  next: 1,
  software: "openkerb 0.1.0",
  config: "0123456789ab",
  cameras: [
    {
      id: "north",
      name: "North",
      model: { name: "centernet6", sha256: "0".repeat(64) },
      lines: [{ id: "kerb", name: "Kerb" }],
      zones: [],
    },
  ],
  sensors: [{ id: "air", name: "Air", profile: "sps30@1" }],
};

describe("what is taken from a device", () => {
  it("is what the contract names, unchanged", () => {
    expect(redactEvent({ sequence: 3, event })).toEqual({ kind: "event", sequence: 3, backfill: false, event });
    expect(redactEvent({ sequence: 3, backfill: true, event })).toMatchObject({ backfill: true });
    expect(redactReading({ sequence: 4, reading })).toEqual({ kind: "reading", sequence: 4, backfill: false, reading });
    expect(redactBirth(birth)).toEqual({ kind: "birth", birth });
    expect(redactState({ v: 1, state: "online", session: 2 })).toMatchObject({ kind: "state" });
  });

  it.each([
    ["a crop", { event: { ...event, crop: "/9j/4AAQSkZJRg" } }],
    ["a plate", { event: { ...event, plate: "B-AB 1234" } }],
    ["an embedding", { event: { ...event, embedding: [0.1, 0.2] } }],
    ["a track", { event: { ...event, track: 17 } }],
    ["something in its provenance", { event: { ...event, provenance: { ...provenance, operator: "J. Doe" } } }],
    ["something beside the event", { event, still: "AAAA" }],
  ])("is refused with %s on it, and nothing of that remains", (_what, more) => {
    const outcome = redactEvent({ sequence: 5, ...more });
    expect(outcome).toEqual({ kind: "refused", why: "unknown-field", sequence: 5 });
  });

  it.each([
    ["no object", 17, undefined],
    ["null", null, undefined],
    ["a list", [], undefined],
    ["no sequence", { event }, undefined],
    ["a sequence of zero", { sequence: 0, event }, undefined],
    ["a sequence that is a text", { sequence: "1", event }, undefined],
    ["half a sequence", { sequence: 1.5, event }, undefined],
    ["an unknown kind", { sequence: 9, event: { ...event, kind: "face-seen" } }, 9],
    ["a wrong type", { sequence: 9, event: { ...event, at: "noon" } }, 9],
    ["a time before all time", { sequence: 9, event: { ...event, at: -1 } }, 9],
  ])("is refused when it is %s, with its place if it has one", (_what, item, sequence) => {
    expect(redactEvent(item)).toEqual({ kind: "refused", why: "wrong-shape", sequence });
  });

  it("says wrong version for another version", () => {
    expect(redactBirth({ ...birth, v: 2 })).toEqual({ kind: "refused", why: "wrong-version" });
    expect(redactHealth({ v: "1" })).toEqual({ kind: "refused", why: "wrong-version" });
  });

  it("never has a field that was not sent, and loses none the contract knows", () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), fc.string({ maxLength: 40 }), (name, software) => {
        const outcome = redactBirth({ ...birth, software, cameras: [{ ...birth.cameras[0], name }] });
        if (outcome.kind !== "birth") throw new Error("refused");
        expect(Object.keys(outcome.birth).sort()).toEqual(Object.keys(birth).sort());
        const again = redactBirth(outcome.birth);
        expect(again).toEqual(outcome);
      }),
    ));
});

describe("free text", () => {
  it.each([
    ["call Anna 0171 234 5678", `call Anna ${removed}`],
    ["+49 (30) 1234-5678", removed],
    ["ops@city.example.org", removed],
    ["rtsp://admin:secret@10.0.0.7/stream", removed],
    ["cam at 192.168.1.20", `cam at ${removed}`],
    ["fe80::1ff:fe23:4567:890a", removed],
    ["2001:db8:0:0:0:0:2:1", removed],
    ["van B-AB 1234 parked", `van ${removed} parked`],
    ["AB12 CDE", removed],
    ["ab12cde", removed],
    ["AB-123-CD", removed],
    ["12-AB-34", removed],
    ["1234 BCD", removed],
    ["7ABC123", removed],
    ["ABC 1234", removed],
    ["京A·12345", removed],
    ["粤B12345D", removed],
    ["品川 300 あ 12-34", removed],
  ])("%s becomes %s", (text, clean) => expect(scrub(text)).toBe(clean));

  it.each([
    "North approach",
    "Kerb, lane 2",
    "B96 / Hauptstraße 12",
    "A40 westbound",
    "Zone 30",
    "Line 1-2",
    "Bus stop 4711",
    "openkerb 0.1.0",
    "sps30@1",
    "plantower-pms5003t@2",
    "中山路 12 号",
    "Östra Hamngatan",
    "camera-north 2",
    "12:30 school run",
    "centernet6",
  ])("%s stays as it is", (text) => expect(scrub(text)).toBe(text));

  it("scrubbed twice is scrubbed once, and never grows", () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        "AB12",
        " CDE",
        "0171",
        "234",
        "5678",
        "-",
        ".",
        ":",
        "@",
        "192.168.",
        "1.20",
        "B-",
        "AB 1",
        "234",
        "京A",
        "12345",
        "::",
        "***",
        "//",
        "rtsp:",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const text = pieces.join("");
        const once = scrub(text);
        expect(scrub(once)).toBe(once);
        expect(once.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it("is scrubbed in time that grows with its length, whatever stands in it", () => {
    const began = process.cpuUsage();
    for (const evil of [
      "1-".repeat(40),
      "a".repeat(80),
      "1.".repeat(40),
      "a:".repeat(40),
      "0 ".repeat(40),
      "A-1-".repeat(20),
    ])
      for (let n = 0; n < 50; n++) scrub(evil);
    expect(process.cpuUsage(began).user / 1e6).toBeLessThan(2);
  });
});

describe("the mark of redaction", () => {
  it("is set in this folder only", () => {
    const root = new URL("..", import.meta.url);
    const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((f) => /\.tsx?$/.test(f));
    expect(sources.length).toBeGreaterThan(20);
    const setting = sources.filter((f) => /\bas (unknown as )?Redacted\b/.test(readFileSync(new URL(f, root), "utf8")));
    expect(setting.filter((f) => !f.endsWith(".test.ts"))).toEqual(["redact/redact.ts"]);
  });
});

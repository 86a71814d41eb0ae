import { readdirSync, readFileSync } from "node:fs";
import { DeviceProfile } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { bytesOf } from "./bytes.ts";
import { decode } from "./decode.ts";
import { cutFrames } from "./frame.ts";

const folder = new URL("../../../firmware-config/devices/", import.meta.url);
const profiles = readdirSync(folder).map((file) =>
  DeviceProfile.parse(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
);

describe.each(profiles.map((profile) => [profile.name, profile] as const))("the profile %s", (name, profile) => {
  it.each(profile.samples.map((s) => [s.source, s] as const))("decodes its sample from %s", (_, sample) => {
    const decoded = decode(profile, sample);
    expect(decoded).toMatchObject({ kind: "values" });
    const values = decoded.kind === "values" ? Object.fromEntries(decoded.values.map((v) => [v.name, v.value])) : {};
    expect(values).toMatchObject(sample.means);
  });

  it("refuses what is no measurement", () => {
    for (const bad of profile.refuses) expect([bad.why, decode(profile, bad).kind]).toEqual([bad.why, "refused"]);
  });

  it("refuses every sample that lost or changed a byte", () => {
    if (["json", "bme280", "alphasense", "sound"].includes(profile.codec.kind)) return;
    for (const { hex, text } of profile.samples) {
      const bytes = hex === undefined ? new TextEncoder().encode(text) : bytesOf(hex)!;
      const sent = (b: Uint8Array) => decode(profile, { hex: Buffer.from(b).toString("hex") });
      expect(sent(bytes.slice(0, -1)).kind).toBe("refused");
      // A TCP answer has no checksum of its own: the network's stands for it.
      if (profile.codec.kind === "modbus" && bytes[2] === 0) continue;
      for (let i = 0; i < bytes.length; i++)
        expect([i, sent(bytes.with(i, bytes[i]! ^ 0x01)).kind]).toEqual([i, "refused"]);
    }
  });

  it("finds its frames in a noisy line that is cut anywhere", () => {
    if (profile.codec.kind !== "frame") return;
    const frame = bytesOf(profile.samples[0]!.hex!)!;
    const header = bytesOf(profile.codec.header)!;
    const line = Uint8Array.from([1, 2, ...header, ...frame, 0xff, header[0]!, ...frame, ...frame.slice(0, 5)]);
    for (let cut = 0; cut <= line.length; cut += 7) {
      const first = cutFrames(profile.codec, line.slice(0, cut));
      const second = cutFrames(profile.codec, Uint8Array.from([...first.rest, ...line.slice(cut)]));
      const found = [...first.frames, ...second.frames].filter(({ kind }) => kind === "values");
      expect([cut, found.length]).toEqual([cut, 2]);
    }
  });

  it("is the profile its file is named after", () => {
    expect(readdirSync(folder)).toContain(`${name}.json`);
  });
});

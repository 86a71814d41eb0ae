import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pm25OfProfile } from "./correction.ts";

const folder = new URL("../../../firmware-config/devices/", import.meta.url);
type Field = { metric?: string; meaning?: string };
const profiles = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map(
    (file) => JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { name: string; codec: { fields?: Field[] } },
  );

describe("what a profile's PM2.5 is", () => {
  it("is known of profiles that exist, and agrees with what they say of themselves", () => {
    const names = new Map(profiles.map((p) => [p.name, p.codec.fields?.filter((f) => f.metric === "pm25") ?? []]));
    for (const [name, input] of Object.entries(pm25OfProfile)) {
      const fields = names.get(name);
      expect(fields?.length, `${name} passes on PM2.5`).toBe(1);
      if (fields?.[0]?.meaning !== undefined) expect(fields[0].meaning.includes("(ATM)")).toBe(input === "atm");
    }
    for (const [name, fields] of names)
      if (fields.some((f) => f.meaning?.includes("(ATM)"))) expect(pm25OfProfile[name]).toBe("atm");
  });
});

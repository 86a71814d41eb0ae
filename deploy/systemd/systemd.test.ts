import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openkerb } from "../../test/openkerb.ts";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const units = ["openkerb-agent.service", "openkerb-hub.service"];
/** Every value of a setting, as words. */
const settings = (unit: string, name: string): string[] =>
  [...readFileSync(path(unit), "utf8").matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].flatMap(([, text]) =>
    (text ?? "").split(/\s+/).filter((word) => word !== ""),
  );
const made = [...readFileSync(path("openkerb.conf"), "utf8").matchAll(/^([ug])\s+(\S+)/gm)];
const namesOf = (kind: "u" | "g"): string[] => made.flatMap(([, of, name]) => (of === kind ? [name!] : []));

describe("the services", () => {
  it.skipIf(!existsSync("/usr/bin/systemd-analyze"))("are sound for systemd itself", async () => {
    // It answers with code 1 and words when anything in a unit is unknown, misspelt or missing.
    const { stderr } = await promisify(execFile)("systemd-analyze", ["verify", "--man=no", ...units.map(path)]).catch(
      (err: { stderr: string }) => err,
    );
    expect(stderr.split("\n").filter((line) => units.some((unit) => line.includes(basename(unit))))).toEqual([]);
  });

  it.each(units)("%s calls a command with options it has", async (unit) => {
    for (const start of readFileSync(path(unit), "utf8").matchAll(
      /^ExecStart(?:Pre)?=\/usr\/bin\/env node (\S+) (.*)$/gm,
    )) {
      const [, file, line] = start;
      expect(existsSync(path(`../../${file!.replace("/opt/openkerb/", "")}`))).toBe(true);
      const [command = "", ...words] = line!.split(" ");
      const { out, code } = await openkerb([command, "--help"]);
      expect(code).toBe(0);
      for (const option of words.filter((word) => word.startsWith("--"))) expect(out).toContain(option);
    }
    expect(settings(unit, "ExecStart").length).toBeGreaterThan(3);
  });

  it.each(units)("%s runs as a user that is made for it", (unit) => {
    expect(namesOf("u")).toEqual(expect.arrayContaining(settings(unit, "User")));
  });

  it("the agent may open serial lines, I2C, microphones and graphics, and nothing hides them", () => {
    const groups = settings("openkerb-agent.service", "SupplementaryGroups");
    expect(groups).toEqual(["dialout", "i2c", "audio", "video"]);
    expect(namesOf("g")).toEqual(groups);
    for (const hiding of ["PrivateDevices", "DevicePolicy", "DeviceAllow", "ProtectClock"])
      expect([hiding, settings("openkerb-agent.service", hiding)]).toEqual([hiding, []]);
  });

  it("the agent writes no core dump, and Node may compile in both", () => {
    expect(settings("openkerb-agent.service", "LimitCORE")).toEqual(["1"]);
    expect(units.flatMap((unit) => settings(unit, "MemoryDenyWriteExecute"))).toEqual([]);
  });
});

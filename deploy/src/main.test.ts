import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commands } from "./commands.ts";

const openkerb = (...args: readonly string[]) =>
  spawnSync(process.execPath, [fileURLToPath(new URL("../openkerb.mjs", import.meta.url)), ...args], {
    encoding: "utf8",
  });

it("lists every command with a sentence of its own", () => {
  const { status, stdout } = openkerb("--help");
  expect(status).toBe(0);
  for (const name of Object.keys(commands)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S.{10,}$`, "m"));
});

it("says what to do about a command it does not know", () => {
  const { status, stderr } = openkerb("watch");
  expect(status).toBe(2);
  expect(stderr).toContain('there is no command "watch"');
  expect(stderr).toContain("openkerb --help");
});

it("takes an option it does not know as a mistake of the command line, without a stack", () => {
  const { status, stderr } = openkerb("demo", "--colour");
  expect(status).toBe(2);
  expect(stderr).toContain("--colour");
  expect(stderr).not.toContain("    at ");
});

it.each(Object.entries(commands))("%s explains itself", async (name, load) => {
  const { help, summary } = await load();
  expect(summary).toMatch(/^[a-z].{10,90}$/);
  expect(help).toContain(`openkerb ${name}`);
});

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { buildModels } from "@openkerb/vision";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { run } from "./detect.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "detect-"));
  await buildModels({ folder: join(folder, "home/models"), names: ["centernet6"] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The command in a process of its own, as a person runs it: its exit code and what it wrote where. */
function detect(...args: string[]): Promise<Ended> {
  const command = new URL("./detect.ts", import.meta.url);
  const script = `import { run } from ${JSON.stringify(command.href)};
    await run(${JSON.stringify(args)}, new AbortController().signal);`;
  const cwd = fileURLToPath(new URL("../../..", import.meta.url));
  const env = { ...process.env, OPENKERB_HOME: join(folder, "home") };
  return new Promise((resolve) => {
    const words = ["--import", "tsx", "--input-type=module", "-e", script];
    execFile(process.execPath, words, { cwd, env }, (err, out, errors) =>
      resolve({ code: err === null ? 0 : Number(err.code), out, err: errors }),
    );
  });
}

describe("openkerb detect", () => {
  it("writes a line of JSON for each picture of a folder, names the broken one and goes on", async () => {
    const plain = { create: { width: 160, height: 96, channels: 3, background: "#777777" } } as const;
    await sharp(plain).jpeg().toFile(join(folder, "a.jpg"));
    await writeFile(join(folder, "b.jpg"), "no picture");
    await sharp(plain).png().toFile(join(folder, "c.PNG"));
    await writeFile(join(folder, "notes.txt"), "not asked for");
    const { code, out, err } = await detect(folder, "--json", "--threshold", "0.05");
    expect(code).toBe(1);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ image, width, height }) => [image, width, height])).toEqual([
      [join(folder, "a.jpg"), 160, 96],
      [join(folder, "c.PNG"), 160, 96],
    ]);
    expect(lines.every(({ detections }) => Array.isArray(detections))).toBe(true);
    expect(err).toContain(`${join(folder, "b.jpg")} is no picture that can be read`);
    expect(err).not.toContain("notes.txt");
  });

  it("does the rest when one of several names is wrong, and passes by a folder that is called like a picture", async () => {
    const street = join(folder, "street");
    await mkdir(join(street, "older.jpg"), { recursive: true });
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "#777777" } })
      .png()
      .toFile(join(street, "今日.png"));
    const { code, out, err } = await detect(join(folder, "nowhere.jpg"), street, "--json", "--size", "64x64");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({ image: join(street, "今日.png"), width: 64, height: 64, detections: [] });
    expect(err.trim()).toBe(`${join(folder, "nowhere.jpg")} cannot be read: there is nothing of that name.`);
  });

  it("passes by a pipe that is called like a picture, names a link to nowhere, and does the others", async () => {
    const queer = join(folder, "queer");
    await mkdir(queer);
    await promisify(execFile)("mkfifo", [join(queer, "a.jpg")]);
    await symlink(join(folder, "nowhere"), join(queer, "b.jpg"));
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "#777777" } })
      .jpeg()
      .toFile(join(queer, "c.jpg"));
    const { code, out, err } = await detect(queer, join(queer, "a.jpg"), "--json", "--size", "64x64");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ image: join(queer, "c.jpg") });
    expect(err).toContain(`${join(queer, "a.jpg")} is neither a file nor a folder.`);
    expect(err).toContain(`${join(queer, "b.jpg")} is no picture that can be read`);
  });

  it.each([
    [[], /Which picture or folder/],
    [["/nowhere/at/all.jpg"], /all\.jpg cannot be read: there is nothing of that name/],
    [["package.json", "--size", "big"], /--size big is no size.*640x480/],
    [["package.json", "--size", "650x480"], /steps of 32.*--size 640x480/],
    [["models"], /There are no pictures in models/],
    [["package.json", "--threshold", "2"], /--threshold must be a number from 0 to 1/],
    [["package.json", "--threads", "1.5"], /--threads must be a whole number, not 1\.5/],
    [["package.json", "--model", "other"], /There is no model other/],
  ])("tells a mistake in %j and what to do", async (args, message) => {
    vi.stubEnv("OPENKERB_HOME", join(folder, "home"));
    const err = await run(args, new AbortController().signal).catch((caught: unknown) => caught);
    vi.unstubAllEnvs();
    expect(err).toBeInstanceOf(Trouble);
    expect(`${(err as Trouble).message} ${(err as Trouble).next}`).toMatch(message);
  });

  const shared = process.env.OPENKERB_SHARED ?? fileURLToPath(new URL("../../../../shared", import.meta.url));
  const bus = join(shared, "data/images/bus.jpg");
  const there = existsSync(bus);
  if (!there) console.warn("detect is not tried on a real street: no development data (OPENKERB_SHARED)");

  it.skipIf(!there)("finds the bus and the people of a real street", async () => {
    const { code, out } = await detect(bus, "--json");
    expect(code).toBe(0);
    const { detections } = JSON.parse(out) as { detections: { label: string; box: number[] }[] };
    expect(detections.filter((one) => one.label === "bus")).toHaveLength(1);
    expect(detections.filter((one) => one.label === "person").length).toBeGreaterThanOrEqual(3);
    const [x, , width] = detections.find((one) => one.label === "bus")!.box as [number, number, number];
    expect(x).toBeLessThan(100);
    expect(width).toBeGreaterThan(600);
  });
});

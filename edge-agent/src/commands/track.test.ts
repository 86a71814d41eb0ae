import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseMot } from "../tracks/mot-text.ts";
import { run, trackFile } from "./track.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "track-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const track = (...args: string[]): Promise<void> => run(args, new AbortController().signal);

/** Two people who walk towards each other and on, and now and then a ghost; `score` puts them on the detector's scale. */
const crowd = (score: (sure: number) => number, hidden: readonly number[] = []): string =>
  Array.from({ length: 50 }, (_, n) => n + 1)
    .filter((frame) => !hidden.includes(frame))
    .flatMap((frame) => [
      `${frame},-1,${100 + 4 * frame},100,40,100,${score(0.8 + 0.12 * Math.sin(1.7 * frame))},-1,-1,-1`,
      `${frame},-1,${500 - 4 * frame},140,42,105,${score(0.85 + 0.1 * Math.cos(2.3 * frame))},-1,-1,-1`,
      ...(frame % 10 === 5 ? [`${frame},-1,${13 * frame},300,40,100,${score(0.3)},-1,-1,-1`] : []),
    ])
    .join("\n");

describe("openkerb track", () => {
  it("writes the tracks of a file of detections as MOTChallenge text", async () => {
    const [file, out] = [join(folder, "det.txt"), join(folder, "out.txt")];
    await writeFile(
      file,
      crowd((sure) => sure),
    );
    await track("--detections", file, "--fps", "25", "--out", out);
    const text = await readFile(out, "utf8");
    for (const line of text.trim().split("\n")) expect(line).toMatch(/^\d+,\d+(,-?\d+\.\d\d){4},\d\.\d{4},-1,-1,-1$/);
    const rows = parseMot(text, out);
    expect(rows).toHaveLength(100);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
    expect(rows.map(({ frame }) => frame)).toEqual([...rows.map(({ frame }) => frame)].sort((a, b) => a - b));
    expect(rows[0]?.frame).toBe(1);
  });

  it.each([
    ["between 0 and 1", (sure: number) => sure],
    ["of a margin, some below 0", (sure: number) => 8 * sure - 5],
    ["in percent", (sure: number) => 100 * sure],
    ["that are all the same", () => 1],
  ])("follows detections with scores %s alike", (_name, score) => {
    const rows = trackFile(parseMot(crowd(score), "det.txt"), 25);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
    expect(rows.length).toBeGreaterThan(94);
  });

  it("takes frames without detections, and bridges them where it followed somebody", () => {
    const rows = trackFile(
      parseMot(
        crowd((sure) => sure, [20, 21, 22, 23, 24]),
        "det.txt",
      ),
      25,
    );
    expect(rows.filter(({ frame }) => frame === 22)).toHaveLength(2);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
  });

  it("numbers frames as the file does, over holes of any length", () => {
    const late = crowd((sure) => sure).replace(/^(\d+)/gm, (n) => String(Number(n) + 5_000_000));
    const rows = trackFile(parseMot(`${crowd((sure) => sure)}\n${late}`, "det.txt"), 25);
    const frames = [...new Set(rows.map(({ frame }) => frame))];
    expect(frames.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(frames.at(-1)).toBe(5_000_050);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
  });

  it("has nothing to say of a file with nothing in it", () => {
    expect(trackFile([], 25)).toEqual([]);
  });

  it("names the line of a bad row and writes nothing", async () => {
    const [file, out] = [join(folder, "bad.txt"), join(folder, "none.txt")];
    await writeFile(file, `${crowd((sure) => sure)}\n51,-1,what?\n`);
    await expect(track("--detections", file, "--fps", "25", "--out", out)).rejects.toThrow(/line 106 of .*bad\.txt/);
    await expect(readFile(out)).rejects.toThrow("ENOENT");
  });

  it.each([
    [["--fps", "25"], "Which detections?"],
    [["--detections", "det.txt"], "How many frames a second has the clip?"],
    [["--detections", "det.txt", "--fps", "fast"], "--fps fast is no frame rate"],
    [["--detections", "/no/such/file", "--fps", "25"], "/no/such/file cannot be read: ENOENT"],
  ])("asked with %j says: %s", async (args, message) => {
    await expect(track(...args)).rejects.toThrow(Trouble);
    await expect(track(...args)).rejects.toThrow(message);
  });
});

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CityEvent, Trouble } from "@openkerb/contract";
import { buildModels } from "@openkerb/vision";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { makeClip } from "../frames/made-clip.ts";
import { parseMot } from "../tracks/mot-text.ts";
import { run } from "./analyse.ts";

const house = fileURLToPath(new URL("../../..", import.meta.url));
const shared = process.env.OPENKERB_SHARED ?? join(house, "../shared");
const campus = join(shared, "data/tracking/TUD-Campus/clip.mp4");

let folder: string;
let clip: string;
let site: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "analyse-"));
  vi.stubEnv("OPENKERB_HOME", join(folder, "home"));
  await buildModels({ folder: join(folder, "home/models"), names: ["centernet6"] });
  clip = await makeClip(join(folder, "bars.mp4"), "testsrc=size=320x240:rate=10:duration=3");
  site = join(folder, "site.yaml");
  const camera = (id: string): string => `
  - id: ${id}
    name: The ${id} one
    url: rtsp://127.0.0.1/${id}
    lines: [{ id: ${id}-line, name: Line, from: [0.5, 1], to: [0.5, 0] }]
    zones: [{ id: ${id}-zone, name: Zone, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]] }]`;
  await writeFile(
    site,
    `version: 1\ncity: demo\nsite: kerb\nname: Kerb\ndevice: box\ncameras:${camera("first")}${camera("second")}\n`,
  );
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** The command in a process of its own, as a person runs it. */
const analyse = (...args: string[]): Promise<Ended> => analyseFor(1_000_000, ...args);

/** The same, stopped after a while as by ctrl-c. */
function analyseFor(milliseconds: number, ...args: string[]): Promise<Ended> {
  const command = new URL("./analyse.ts", import.meta.url);
  const script = `import { run } from ${JSON.stringify(command.href)};
    await run(${JSON.stringify(args)}, AbortSignal.timeout(${milliseconds}));`;
  return new Promise((resolve) => {
    const words = ["--import", "tsx", "--input-type=module", "-e", script];
    execFile(process.execPath, words, { cwd: house }, (err, out, errors) =>
      resolve({ code: err === null ? 0 : Number(err.code), out, err: errors }),
    );
  });
}
const eventsOf = async (file: string): Promise<CityEvent[]> =>
  (await readFile(file, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => CityEvent.parse(JSON.parse(line)));

describe("openkerb analyse", () => {
  it("looks at every frame of a recording and says how fast it was and what took how long", async () => {
    const out = join(folder, "events.jsonl");
    const { code, out: said, err } = await analyse(clip, "--out", out);
    expect([code, err]).toEqual([0, ""]);
    expect(said).toMatch(/bars\.mp4: 30 frames in [\d.]+ s, [\d.]+ frames\/s/);
    expect(said).toMatch(/centernet6 at 320x256; 0 tracks, 0 events \(no site file, so no lines and zones\)/);
    expect(said).toMatch(/waiting for it [\d.]+ ms, in the network [\d.]+ ms, tracks [\d.]+ ms, events [\d.]+ ms/);
    expect(await eventsOf(out)).toEqual([]);
  });

  it("writes the events of the site's first camera, or of the one that is named, the same every time", async () => {
    const [one, two] = [join(folder, "one.jsonl"), join(folder, "two.jsonl")];
    await analyse(clip, "--site", site, "--out", one);
    await analyse(clip, "--site", site, "--out", two);
    expect(await readFile(one, "utf8")).toBe(await readFile(two, "utf8"));
    const [minute, ...rest] = await eventsOf(one);
    expect(rest).toEqual([]);
    expect(minute).toMatchObject({ kind: "minute-counted", camera: "first", at: 0, watched: 2900, quality: 3 });
    expect(minute?.provenance.source).toMatch(/^model:centernet6@[0-9a-f]{12}$/);

    const started = ["--camera", "second", "--start", "2026-05-04T07:30:58Z"];
    await analyse(clip, "--site", site, "--out", one, ...started);
    const said = (await eventsOf(one)).map((e) => ("watched" in e ? [e.camera, e.at, e.watched] : []));
    const minuteOf = Date.parse("2026-05-04T07:30:00Z");
    expect(said).toEqual([
      ["second", minuteOf, 2000],
      ["second", minuteOf + 60_000, 900],
    ]);
  });

  it("gives its summary as JSON", async () => {
    const { out } = await analyse(clip, "--tracks", join(folder, "t.txt"), "--size", "96x64", "--json");
    expect(JSON.parse(out)).toMatchObject({ frames: 30, tracks: 0, events: 0, input: { width: 96, height: 64 } });
  });

  it("says what a camera suffers from until it is told to stop, and never the password", async () => {
    const words = ["rtsp://eye:hunter2@127.0.0.1:1/street", "--out", join(folder, "camera.jsonl")];
    const { code, out, err } = await analyseFor(4000, ...words);
    expect([code, err]).toEqual([0, expect.stringContaining("The camera is unreachable")]);
    expect(out).toContain("rtsp://127.0.0.1:1/street: 0 frames");
    expect(out + err).not.toContain("hunter2");
  });

  it.skipIf(!existsSync(campus))("follows real people, and its minutes count what its events tell", async () => {
    const [out, tracks] = [join(folder, "campus.jsonl"), join(folder, "campus.txt")];
    await analyse(campus, "--site", site, "--out", out, "--tracks", tracks, "--classes", "person");
    const rows = parseMot(await readFile(tracks, "utf8"), tracks);
    expect(new Set(rows.map(({ id }) => id)).size).toBeGreaterThanOrEqual(4);
    expect(rows.every(({ frame, box }) => frame >= 1 && frame <= 71 && box[3] > 50)).toBe(true);
    const events = await eventsOf(out);
    const crossed = events.filter((e) => e.kind === "line-crossed").length;
    const minutes = events.flatMap((e) => (e.kind === "minute-counted" ? e.lines : []));
    expect(crossed).toBeGreaterThan(0);
    expect(minutes.reduce((sum, line) => sum + line.in + line.out, 0)).toBe(crossed);
  });

  it.each([
    [[], "Which clip?"],
    [["CLIP"], "Where should the result go?"],
    [["/no/clip.mp4", "--out", "OUT"], "/no/clip.mp4 does not exist"],
    [["CLIP", "--out", "/no/folder/events.jsonl"], "/no/folder/events.jsonl cannot be written: ENOENT"],
    [["CLIP", "--out", "OUT", "--site", "/no/site.yaml"], "/no/site.yaml cannot be read: ENOENT"],
    [["CLIP", "--out", "OUT", "--site", "SITE", "--camera", "third"], "The site kerb has no camera third."],
    [["rtsps://127.0.0.1/", "--out", "OUT", "--camera-ca", "/no/ca.pem"], "/no/ca.pem, which cannot be read (ENOENT)"],
    [["CLIP", "--out", "OUT", "--classes", "person,horse"], "there is no class “horse”"],
    [["CLIP", "--out", "OUT", "--size", "100x100"], "centernet6 takes sizes in steps of 32"],
    [["CLIP", "--out", "OUT", "--threshold", "2"], "--threshold must be a number from 0 to 1, not 2."],
    [["CLIP", "--out", "OUT", "--start", "noon"], "--start noon is no time since 1970."],
    [["CLIP", "--out", "OUT", "--model", "no-such"], "There is no model no-such"],
    [["rtsp://", "--out", "OUT"], "is not an address"],
  ])("asked with %j says: %s", async (words, message) => {
    const places: Record<string, string> = { CLIP: clip, OUT: join(folder, "unused.jsonl"), SITE: site };
    const order = words.map((word) => places[word] ?? word);
    await expect(run(order, new AbortController().signal)).rejects.toThrow(Trouble);
    await expect(run(order, new AbortController().signal)).rejects.toThrow(message);
  });
});

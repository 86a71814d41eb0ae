import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Trouble } from "@openkerb/contract";
import { afterEach, beforeEach, expect, it } from "vitest";
import { demoClip, demoStream, findClip } from "./clip.ts";
import { fromAddress, fromDebian, type Source } from "./sources.ts";

const run = promisify(execFile);
const signal = new AbortController().signal;
const environment = {};
const bytes = Buffer.from("a very short film");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const never: Source = {
  name: "nowhere",
  fetch: () => Promise.reject(new Error("it was asked though it need not be")),
};
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clip-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function server(answer: (url: string) => Buffer | undefined): Promise<AsyncDisposable & { url: string }> {
  const http = createServer((request, response) => {
    const body = answer(request.url ?? "");
    if (body) response.end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => http.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

it("takes the recording that OPENKERB_CLIP names, and says so when it is none", async () => {
  const own = join(folder, "own.mp4");
  await writeFile(own, bytes);
  const find = (path: string) =>
    findClip({ cacheFolder: folder, signal, environment: { OPENKERB_CLIP: path }, sources: [never] });
  expect(await find(own)).toBe(own);
  await expect(find(join(folder, "no.mp4"))).rejects.toThrow(/OPENKERB_CLIP says .*no\.mp4, which is not a file/);
  await expect(find(folder)).rejects.toBeInstanceOf(Trouble);
});

it("fetches from the net once and then uses the cache", async () => {
  await using net = await server(() => bytes);
  const options = { cacheFolder: folder, signal, environment, sha256 };
  const first = await findClip({ ...options, sources: [fromAddress(`${net.url}/vtest.avi`)] });
  expect(await readFile(first)).toEqual(bytes);
  expect(await findClip({ ...options, sources: [never] })).toBe(first);
  expect(await readdir(join(folder, "clip"))).toEqual(["vtest.avi"]);
});

it("fetches anew what was damaged in the cache", async () => {
  await using net = await server(() => bytes);
  const options = { cacheFolder: folder, signal, environment, sha256, sources: [fromAddress(`${net.url}/vtest.avi`)] };
  const path = await findClip(options);
  await writeFile(path, "half a fil");
  expect(await readFile(await findClip(options))).toEqual(bytes);
});

it("takes nothing whose hash is wrong, goes on to the next place, and leaves nothing behind", async () => {
  await using bad = await server(() => Buffer.from("another film"));
  await using good = await server(() => bytes);
  const sources = [fromAddress(`${bad.url}/vtest.avi`), fromAddress(`${good.url}/vtest.avi`)];
  const path = await findClip({ cacheFolder: folder, signal, environment, sha256, sources });
  expect(await readFile(path)).toEqual(bytes);
  await rm(path);
  const only = findClip({ cacheFolder: folder, signal, environment, sha256, sources: sources.slice(0, 1) });
  await expect(only).rejects.toThrow(/another file/);
  expect(await readdir(join(folder, "clip"))).toEqual([]);
});

it("names all three ways when there is no recording and no way to get one", async () => {
  await using net = await server(() => undefined);
  const sources = [
    fromDebian({ name: "openkerb-no-such-package", file: "x" }),
    fromAddress(`${net.url}/vtest.avi`, 200),
  ];
  const failed = await findClip({ cacheFolder: folder, signal, environment, sources }).catch((err: unknown) => err);
  expect(failed).toBeInstanceOf(Trouble);
  const { message, next } = failed as Trouble;
  expect(message).toMatch(/no street recording was found/);
  expect(message).toMatch(/Debian's package openkerb-no-such-package: \S/);
  expect(message).toMatch(/127\.0\.0\.1:\d+: no answer for 0\.2 s/);
  expect(next).toMatch(/OPENKERB_CLIP=/);
  expect(next).toMatch(/apt-get download opencv-doc/);
  expect(next).toMatch(/https:\/\/\S+vtest\.avi/);
});

it("stops at once when told to", async () => {
  await using net = await server(() => undefined);
  const stop = new AbortController();
  const sources = [fromAddress(`${net.url}/vtest.avi`)];
  const finding = findClip({
    cacheFolder: folder,
    signal: stop.signal,
    environment,
    sources,
    onProgress: () => setTimeout(() => stop.abort(new Error("enough")), 50),
  });
  await expect(finding).rejects.toThrow("enough");
});

const hasDebianTools = spawnSync("dpkg-deb", ["--version"]).status === 0;

it.skipIf(!hasDebianTools)("takes one file out of a Debian package, and notices when it is not there", async () => {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  await mkdir(join(tree, "usr/share/films"), { recursive: true });
  await writeFile(
    join(tree, "DEBIAN/control"),
    "Package: films\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b.c>\nDescription: films\n",
  );
  await writeFile(join(tree, "usr/share/films/vtest.avi"), bytes);
  await run("dpkg-deb", ["--root-owner-group", "-b", tree, join(folder, "films_1_all.deb")]);
  // An apt-get of our own in front of the real one: it "downloads" the package made here.
  const bin = join(folder, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "apt-get"), `#!/bin/sh\ncp ${folder}/films_1_all.deb .\n`, { mode: 0o755 });
  const path = process.env.PATH;
  process.env.PATH = `${bin}:${path}`;
  try {
    const from = (file: string) => [fromDebian({ name: "films", file: `usr/share/films/${file}` })];
    const options = { cacheFolder: join(folder, "cache"), signal, environment, sha256 };
    expect(await readFile(await findClip({ ...options, sources: from("vtest.avi") }))).toEqual(bytes);
    const missing = findClip({ ...options, cacheFolder: join(folder, "other"), sources: from("gone.avi") });
    await expect(missing).rejects.toThrow(/holds no gone\.avi/);
  } finally {
    process.env.PATH = path;
  }
});

/** Whether apt-get could download the package now: it knows an address for it and a mirror answers there. */
async function mirrorAnswers(): Promise<boolean> {
  const asked = spawnSync("apt-get", ["download", "--print-uris", "opencv-doc"], { encoding: "utf8" });
  const address = /^'(http[^']+)'/m.exec(asked.stdout ?? "")?.[1];
  if (!address) return false;
  const proxied = spawnSync("apt-config", ["dump", "Acquire::http::Proxy"], { encoding: "utf8" }).stdout?.trim();
  if (proxied) return true;
  return fetch(address, { method: "HEAD", signal: AbortSignal.timeout(5000) }).then(
    (answer) => answer.ok,
    () => false,
  );
}

it.skipIf(!(await mirrorAnswers()))(
  "gets the demo street out of Debian's own package (needs a Debian mirror)",
  async () => {
    const path = await findClip({ cacheFolder: folder, signal, environment });
    expect(
      createHash("sha256")
        .update(await readFile(path))
        .digest("hex"),
    ).toBe(demoClip.sha256);
  },
  300_000,
);

it("prepares a clip once for the camera: H.264, a whole picture each second, nothing left out", async () => {
  const clip = join(folder, "old.avi");
  const source = "testsrc=size=161x121:rate=10:duration=4";
  await run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-c:v", "msmpeg4v3", "-g", "300", clip]);
  const said: string[] = [];
  const options = { clip, cacheFolder: folder, signal, onProgress: (text: string) => said.push(text) };
  const stream = await demoStream(options);
  const words = ["-v", "error", "-show_entries", "packet=flags,pts_time", "-of", "csv=p=0", stream];
  const packets = (await run("ffprobe", words)).stdout.trim().split("\n");
  expect(packets).toHaveLength(40);
  expect(packets.filter((line) => line.includes("K")).length).toBeGreaterThanOrEqual(4);
  expect(said.at(-1)).toMatch(/100 %/);
  const made = await stat(stream);
  expect(await demoStream(options)).toBe(stream);
  expect((await stat(stream)).mtimeMs).toBe(made.mtimeMs);
  // What is fit already is not encoded again.
  expect(await demoStream({ ...options, clip: stream })).toBe(stream);
});

it("says what is wrong with a clip that is no video", async () => {
  const clip = join(folder, "letter.txt");
  await writeFile(clip, "Dear city,\n");
  await expect(demoStream({ clip, cacheFolder: folder, signal })).rejects.toThrow(/not a video|no video/);
  const gone = demoStream({ clip: join(folder, "gone"), cacheFolder: folder, signal });
  await expect(gone).rejects.toThrow(/does not exist/);
});

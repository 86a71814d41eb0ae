import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startCamera } from "../../../../deploy/src/camera/camera.ts";
import { makeClip } from "../made-clip.ts";
import { watch } from "../watched.ts";

type Signed = { readonly key: string; readonly cert: string };
let folder: string;
let clip: string;
let authority: string;
let other: string;
let here: Signed;
let elsewhere: Signed;
let old: Signed;

const openssl = (...words: string[]) => promisify(execFile)("openssl", words, { cwd: folder });
const elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function makeAuthority(name: string): Promise<string> {
  const basic = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"];
  await openssl(
    "req",
    "-x509",
    ...elliptic,
    "-days",
    "2",
    "-subj",
    `/CN=${name}`,
    ...basic,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.pem`,
  );
  return readFile(join(folder, `${name}.pem`), "utf8");
}

/** A certificate for a name, signed by the city's authority. */
async function sign(name: string, subject: string, ...span: string[]): Promise<Signed> {
  await openssl("req", "-new", ...elliptic, "-subj", "/CN=camera", "-keyout", `${name}.key`, "-out", `${name}.csr`);
  await writeFile(join(folder, `${name}.ext`), `subjectAltName=${subject}\n`);
  const by = ["-CA", "city.pem", "-CAkey", "city.key", "-CAcreateserial", "-extfile", `${name}.ext`];
  await openssl("x509", "-req", "-in", `${name}.csr`, ...by, ...span, "-out", `${name}.pem`);
  const read = (ending: string) => readFile(join(folder, `${name}.${ending}`), "utf8");
  return { key: await read("key"), cert: await read("pem") };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secure-"));
  clip = await makeClip(join(folder, "a.mp4"), "testsrc2=size=160x120:rate=20:duration=2", "-g", "10", "-bf", "0");
  [authority, other] = [await makeAuthority("city"), await makeAuthority("stranger")];
  here = await sign("here", "IP:127.0.0.1", "-days", "2");
  elsewhere = await sign("elsewhere", "DNS:camera.example", "-days", "2");
  old = await sign("old", "IP:127.0.0.1", "-days", "-1");
});
afterAll(() => rm(folder, { recursive: true }));

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000, interval: 20 });

describe.concurrent("a camera over rtsps", () => {
  it("is watched when its certificate is signed by the authority that is named for it", async () => {
    const door = { kind: "digest", user: "kerb", password: "p@ss:/%" } as const;
    await using camera = await startCamera({ clip, tls: here, login: door });
    await using seen = watch(camera.url, { authority, login: door });
    await until(() => expect(seen.frames.length).toBeGreaterThan(5));
    expect(seen.troubles).toEqual([]);
  });

  it.each([
    ["is signed by somebody else", () => here, () => other, /is not signed by the authority that is named for it/],
    ["is signed by nobody this machine trusts", () => here, () => undefined, /not trusted on this machine.*authority/],
    ["is for another name", () => elsewhere, () => authority, /is for another name or address than the one in its URL/],
    ["is out of date", () => old, () => authority, /has expired, or the clock of this machine is wrong/],
  ])("is not watched, nor told any password, when its certificate %s", async (_, tls, trusted, why) => {
    const door = { kind: "basic", user: "kerb", password: "secret" } as const;
    await using camera = await startCamera({ clip, tls: tls(), login: door });
    await using seen = watch(camera.url, { authority: trusted(), login: door });
    await until(() => expect(seen.troubles).toEqual(["unreachable begins"]));
    expect(seen.whys[0]).toMatch(why);
    expect(camera.heard).toEqual([]);
    expect(seen.frames).toEqual([]);
  });

  it("is told for what it is when it does not speak TLS at all", async () => {
    await using camera = await startCamera({ clip });
    await using seen = watch(camera.url.replace("rtsp:", "rtsps:"), { authority });
    await until(() => expect(seen.troubles).toEqual(["unreachable begins"]));
    expect(seen.whys[0]).toMatch(/does not speak TLS: is the address rtsp:/);
  });
});

import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { siteSchema, Trouble } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AgentOptions, readConfig } from "./config.ts";
import { configVersion, parseSite } from "./site-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const site = `# A corner
version: 1
city: testville
site: corner
name: Corner
device: box-7
cameras:
  - id: north
    name: North
    url: rtsp://10.0.0.5/stream
    lines:
      - { id: stop-line, name: Stop line, from: [0.1, 0.5], to: [0.9, 0.5] }
`;
const troubleOf = (act: () => unknown): Trouble => {
  try {
    act();
  } catch (err) {
    if (err instanceof Trouble) return err;
    throw err;
  }
  throw new Error("nothing was wrong");
};
const file = (name: string, content: string, mode = 0o600): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};
const options = (more: Partial<AgentOptions>): AgentOptions => ({ hub: "mqtt://127.0.0.1", data: folder, ...more });

describe("a site file", () => {
  it("may be YAML or JSON, and its version depends on what it says, not on how", () => {
    const yaml = parseSite(site, "corner.yaml");
    const json = parseSite(JSON.stringify({ $schema: "x", ...yaml, name: yaml.name }, null, 4), "corner.json");
    expect(configVersion(json)).toBe(configVersion(yaml));
    expect(configVersion(yaml)).toMatch(/^[0-9a-f]{12}$/);
    const moved = parseSite(site.replace("0.9", "0.8"), "corner.yaml");
    expect(configVersion(moved)).not.toBe(configVersion(yaml));
    const reordered = site.replace("city: testville\nsite: corner\n", "site: corner\ncity: testville\n");
    expect(configVersion(parseSite(reordered, "corner.yaml"))).toBe(configVersion(yaml));
  });

  it("tells every problem with its line and path", () => {
    const bad = site
      .replace("city: testville", "city: Test Ville")
      .replace("rtsp://10.0.0.5/stream", "rtsp://admin:secret@10.0.0.5/stream")
      .replace("from: [0.1, 0.5]", "from: [0.1, 7]")
      .concat("    colour: red\n    login: { user: admin, password: secret }\n");
    const { message, next } = troubleOf(() => parseSite(bad, "corner.yaml"));
    expect(message.split("\n")).toEqual([
      "the site file corner.yaml has 5 problems:",
      expect.stringContaining("line 3, city: use 1 to 32 of a-z, 0-9 and -"),
      expect.stringContaining("line 10, cameras[0].url: an rtsp:// or rtsps:// address without user and password"),
      expect.stringContaining("line 14, cameras[0].login.password:"),
      expect.stringContaining("line 12, cameras[0].lines[0].from[1]:"),
      expect.stringMatching(/line 8, cameras\[0\]: .*colour/),
    ]);
    expect(message).not.toContain("admin:secret");
    expect(next).toBe("nothing was started");
  });

  it.each([
    ["not YAML", "version: [1", /line 1/],
    ["a key twice", `${site}city: other\n`, /line 13.*unique/i],
    ["empty", "", /object/],
    ["of another version", site.replace("version: 1", "version: 2"), /line 2, version/],
    [
      "with two cameras of one name",
      site + site.slice(site.indexOf("  - id")),
      /cameras: two cameras have the same id/,
    ],
  ])("is refused when it is %s", (_what, text, says) => {
    expect(troubleOf(() => parseSite(text, "corner.yaml")).message).toMatch(says);
  });
});

describe("the schema for editors", () => {
  it("is published as it is generated (openkerb agent --print-schema prints it)", () => {
    const published = new URL("../../firmware-config/schema/site.schema.json", import.meta.url);
    expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(JSON.parse(JSON.stringify(siteSchema())));
  });

  it("asks for what a person has to write and offers the rest", () => {
    expect(siteSchema()).toMatchObject({
      required: ["version", "city", "site", "name", "device"],
      additionalProperties: false,
      properties: { cameras: { items: { required: ["id", "name", "url"] } } },
    });
  });
});

describe("the agent's config", () => {
  it("keeps passwords apart from the site", () => {
    file("north.secret", "pässword\n");
    const path = file("corner.yaml", `${site}    login: { user: admin, password: { file: north.secret } }\n`);
    const { logins, site: parsed } = readConfig(options({ site: path }));
    expect([...logins]).toEqual([["north", { user: "admin", password: "pässword" }]]);
    expect(JSON.stringify(parsed)).not.toContain("pässword");
  });

  it("refuses a secret that everybody can read, and says how to mend it", () => {
    const secret = file("north.secret", "password", 0o644);
    const path = file("corner.yaml", `${site}    login: { user: admin, password: { file: north.secret } }\n`);
    const trouble = troubleOf(() => readConfig(options({ site: path })));
    expect(trouble).toMatchObject({ message: expect.stringContaining("camera north"), next: `chmod 600 ${secret}` });
  });

  it.each([
    ["a file that is not there", { file: "nowhere" }, /cannot be read \(ENOENT\)/],
    ["an empty file", { file: "empty" }, /empty/],
    ["a variable that is not set", { env: "NORTH_PASSWORD" }, /NORTH_PASSWORD, which is not set/],
  ])("says which secret is missing: %s", (_what, password, says) => {
    file("empty", "");
    const path = file("corner.yaml", `${site}    login: { user: admin, password: ${JSON.stringify(password)} }\n`);
    expect(troubleOf(() => readConfig(options({ site: path }))).message).toMatch(says);
  });

  it("makes a site of a camera alone: a line across the middle and the whole picture as a zone", () => {
    const { site: made, logins } = readConfig(
      options({ camera: "rtsp://ad%40min:p%3Aw@10.0.0.5:8554/live?ch=1", device: "box-9", city: "testville" }),
    );
    expect(made).toMatchObject({ city: "testville", device: "box-9" });
    expect(made.cameras[0]).toMatchObject({
      url: "rtsp://10.0.0.5:8554/live?ch=1",
      lines: [{ from: [0, 0.5], to: [1, 0.5] }],
      zones: [{ polygon: { length: 4 } }],
    });
    expect(logins.get(made.cameras[0]!.id)).toEqual({ user: "ad@min", password: "p:w" });
    expect(JSON.stringify(made)).not.toMatch(/p:w|p%3Aw|ad@min/);
  });

  it("takes a password with a sign that nobody encoded as it stands", () => {
    const { logins } = readConfig(options({ camera: "rtsp://admin:100%@10.0.0.5/", device: "box-9" }));
    expect([...logins.values()]).toEqual([{ user: "admin", password: "100%" }]);
  });

  it("reads the authority of an rtsps camera, from beside the site file or from the command line", () => {
    const words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const out = ["-subj", "/CN=city", "-keyout", join(folder, "city.key"), "-out", join(folder, "city.pem")];
    execFileSync("openssl", [...words, ...out], { stdio: "ignore" });
    const pem = readFileSync(join(folder, "city.pem"), "utf8");
    const secure = site.replace("rtsp://", "rtsps://");
    const from = (authority: string) => options({ site: file("s.yaml", `${secure}    authority: ${authority}\n`) });
    expect([...readConfig(from("city.pem")).authorities!]).toEqual([["north", pem]]);
    const camera = { camera: "rtsps://10.0.0.5/", device: "box-9" };
    const alone = readConfig(options({ ...camera, cameraCa: join(folder, "city.pem") }));
    expect([...alone.authorities!.values()]).toEqual([pem]);

    expect(troubleOf(() => readConfig(from("none.pem"))).message).toMatch(
      /authority of camera north should be in .*none\.pem, which cannot be read \(ENOENT\)/,
    );
    expect(troubleOf(() => readConfig(from("s.yaml"))).message).toMatch(/holds no certificate in PEM/);
    expect(troubleOf(() => readConfig(from("city.key"))).message).toMatch(/holds a private key/);
    file("torn.pem", pem.replace(/\n.{20}/, "\n"));
    expect(troubleOf(() => readConfig(from("torn.pem"))).message).toMatch(/holds a damaged certificate/);
    const plain = options({ site: file("p.yaml", `${site}    authority: city.pem\n`) });
    expect(troubleOf(() => readConfig(plain)).message).toMatch(/cameras\[0\]\.authority: only an rtsps:\/\/ address/);
    const bare = options({ ...camera, camera: "rtsp://10.0.0.5/", cameraCa: "city.pem" });
    expect(troubleOf(() => readConfig(bare)).message).toMatch(/--camera-ca is for rtsps/);
  });

  it("takes passwords from the environment or from files as well", () => {
    vi.stubEnv("OPENKERB_CAMERA_PASSWORD", "one");
    const hubPasswordFile = file("hub.secret", "two\n");
    const { logins, hub } = readConfig(options({ camera: "rtsp://admin@10.0.0.5/", device: "box-9", hubPasswordFile }));
    expect([...logins.values()]).toEqual([{ user: "admin", password: "one" }]);
    expect(hub).toEqual({ url: "mqtt://127.0.0.1", user: "box-9", password: "two" });
  });

  it("does not send anything readable through a network unless it is told to", () => {
    const camera = "rtsp://10.0.0.5/";
    const trouble = troubleOf(() => readConfig(options({ camera, hub: "mqtt://user:geheim@hub.example" })));
    expect(trouble.message).toContain("hub.example");
    expect(`${trouble.message} ${trouble.next}`).not.toContain("geheim");
    expect(trouble.next).toContain("--hub-without-tls");
    for (const hub of ["mqtts://hub.example:8883", "mqtt://localhost:1883", "mqtt://[::1]"])
      expect(readConfig(options({ camera, hub })).hub.url).toContain(hub);
    expect(readConfig(options({ camera, hub: "mqtt://hub.example", hubWithoutTls: true })).hub.url).toContain("hub");
  });

  it.each([
    ["nothing to watch", {}, /nothing to watch/],
    ["no hub", { camera: "rtsp://10.0.0.5/", hub: undefined }, /no hub/],
    ["both a site and a camera", { camera: "rtsp://10.0.0.5/", site: "corner.yaml" }, /--camera and --site/],
    ["a site that is not there", { site: "nowhere.yaml" }, /nowhere.yaml cannot be read \(ENOENT\)/],
    ["a camera that is no address", { camera: "admin:geheim@10.0.0.5" }, /--camera/],
    ["a camera of another kind", { camera: "http://admin:geheim@10.0.0.5/" }, /--camera http:\/\/…@10.0.0.5/],
    ["a hub of another kind", { camera: "rtsp://10.0.0.5/", hub: "http://hub" }, /--hub/],
    ["a device name that is none", { camera: "rtsp://10.0.0.5/", device: "Box 7" }, /--device .* a-z/],
    ["an authority that is not there", { camera: "rtsp://10.0.0.5/", hubCa: "nowhere.pem" }, /--hub-ca nowhere.pem/],
  ])("says what is wrong with the command line: %s", (_what, more, says) => {
    const trouble = troubleOf(() => readConfig(options(more)));
    expect(trouble.message).toMatch(says);
    expect(trouble.message).not.toContain("geheim");
  });
});

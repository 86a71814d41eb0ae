import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HubConfig, Trouble } from "@openkerb/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkHubConfig, hubSchema, readHubConfig } from "./config.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openkerb-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
};
const told = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "fine",
    (err: unknown) => {
      expect(err).toBeInstanceOf(Trouble);
      return (err as Trouble).message;
    },
  );
const site = (name: string, device: string, city = "demo") =>
  `{ "version": 1, "city": "${city}", "site": "${name}", "name": "${name}", "device": "${device}" }`;

describe("the hub's file", () => {
  it("needs only a version and a city, in YAML or JSON, and opens nothing beyond this machine", async () => {
    for (const file of [
      await written("a.yaml", "version: 1\ncity: demo\n"),
      await written("a.json", '{"version":1,"city":"demo"}'),
    ]) {
      const { config } = await readHubConfig(file);
      expect(config).toMatchObject({
        data: join(folder, "data"),
        page: { host: "127.0.0.1", port: 8080 },
        broker: { kind: "embedded", host: "127.0.0.1", port: 1883 },
      });
    }
  });

  it("tells every problem at once, each with its path", async () => {
    const file = await written(
      "bad.yaml",
      "version: 1\ncity: Bad City\npage: { port: 99999, hosst: x }\npeople: [{ name: ann, roles: [], password: plain }]\n",
    );
    const message = await told(readHubConfig(file));
    for (const path of ["city: ", "page.port: ", "page: ", "people[0].roles: ", "people[0].password: "])
      expect(message).toContain(`\n  ${path}`);
    expect(message).toContain("bad.yaml has 5 problems");
  });

  it("says where the YAML itself is wrong", async () => {
    expect(await told(readHubConfig(await written("broken.yaml", "version: 1\n city: [demo\n")))).toMatch(
      /broken\.yaml: .* at line 3, column 1$/m,
    );
    expect(await told(readHubConfig(await written("twice.yaml", "version: 1\ncity: a\ncity: b\n")))).toContain(
      "unique",
    );
  });

  it("says that it is not there", async () => {
    expect(await told(readHubConfig(join(folder, "none.yaml")))).toContain("cannot be read (ENOENT)");
  });

  it("reads the sites it names, from files and folders", async () => {
    await mkdir(join(folder, "sites"), { recursive: true });
    await written("sites/one.json", site("one", "kerb-01"));
    await written("sites/two.yaml", site("two", "kerb-02"));
    await written("sites/notes.txt", "no site");
    await written("three.json", site("three", "kerb-03"));
    const { sites } = await checkHubConfig({ version: 1, city: "demo", sites: ["sites", "three.json"] }, folder);
    expect(sites.map((s) => s.site.name)).toEqual(["one", "two", "three"]);
  });

  it("tells what is wrong with sites: shape, another city, the same box twice, not there", async () => {
    await written("wrong.json", '{ "version": 1, "city": "demo", "site": "x", "device": "y", "plate": 1 }');
    await written("elsewhere.json", site("elsewhere", "kerb-09", "london"));
    await written("same.json", site("same", "kerb-03"));
    const sites = ["wrong.json", "elsewhere.json", "three.json", "same.json", "none.json"];
    const message = await told(checkHubConfig({ version: 1, city: "demo", sites }, folder));
    expect(message).toContain("wrong.json: name: ");
    expect(message).toContain("plate");
    expect(message).toContain("elsewhere.json: city is london, but this hub is of demo");
    expect(message).toMatch(/same\.json: has the same site or device as .*three\.json/);
    expect(message).toContain("none.json cannot be read (ENOENT)");
  });

  it("refuses the same person or box twice", async () => {
    const password = "scrypt$x";
    const one = { name: "ann", roles: ["operator"], password };
    const box = { device: "kerb-01", password };
    const message = await told(
      checkHubConfig({ version: 1, city: "demo", people: [one, one], devices: [box, box] }, folder),
    );
    expect(message).toContain("people[1]: ann is there twice");
    expect(message).toContain("devices[1]: kerb-01 is there twice");
  });

  it("refuses hashes that no password could ever fit", async () => {
    const people = [{ name: "ann", roles: ["operator"], password: "scrypt$nonsense" }];
    expect(await told(checkHubConfig({ version: 1, city: "demo", people }, folder))).toContain(
      "  people[0].password: ",
    );
  });

  it("wants the password of an external broker to be readable and not empty", async () => {
    await written("empty", "\n");
    const broker = (passwordFile: string) => ({
      kind: "external",
      url: "mqtts://broker.example",
      user: "hub",
      passwordFile,
    });
    const check = (file: string) => told(checkHubConfig({ version: 1, city: "demo", broker: broker(file) }, folder));
    expect(await check("empty")).toContain("  broker.passwordFile: ");
    expect(await check("gone")).toContain("cannot be read (ENOENT)");
    await written("secret", "s3cret\n");
    expect(await check("secret")).toBe("fine");
  });

  it("has a JSON Schema that editors can use", () => {
    const schema = hubSchema() as {
      required: string[];
      properties: Record<string, { default?: unknown }>;
      additionalProperties: boolean;
    };
    expect(schema.required.sort()).toEqual(["city", "version"]);
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(HubConfig.shape).sort());
    expect(schema.additionalProperties).toBe(false);
  });
});

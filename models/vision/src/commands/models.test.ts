import { createHash } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Trouble } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeModel } from "../onnx/model.ts";
import { run } from "./models.ts";

let home: string;
let said: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
  vi.stubEnv("OPENKERB_HOME", home);
  said = [];
  for (const way of ["log", "error"] as const)
    vi.spyOn(console, way).mockImplementation((line: string) => void said.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  // A check that finds something ends with another exit code; this process is not what is to end with it.
  process.exitCode = undefined;
  await rm(home, { recursive: true, force: true });
});

const models = (...args: string[]): Promise<void> => run(args, new AbortController().signal);

describe("openkerb models", () => {
  it("builds, lists and checks the default model", async () => {
    await models("list");
    expect(said.join("\n")).toContain("nothing yet");
    await models("build");
    said = [];
    await models("list");
    expect(said.join("\n")).toMatch(/centernet6 {2}\([0-9a-f]{12}\).*names no licence.*ssdlite {2}\(not built\)/s);
    said = [];
    await models("check");
    expect(said).toEqual(["centernet6: whole, runs, answers fit centernet"]);
    expect(process.exitCode).toBeUndefined();
  });

  it("lists as JSON for other programs", async () => {
    await models("build");
    said = [];
    await models("list", "--json");
    const entries = JSON.parse(said.join("\n")) as { name: string; installed: boolean }[];
    expect(entries.map(({ name, installed }) => [name, installed])).toEqual([
      ["centernet6", true],
      ["ssdlite", false],
    ]);
  });

  it("finds a damaged file and ends with another exit code", async () => {
    await models("build");
    await truncate(join(home, "models/centernet6.onnx"), 5000);
    said = [];
    await models("check");
    expect(said.join("\n")).toMatch(/centernet6: .*is damaged.*models build centernet6/);
    expect(process.exitCode).toBe(1);
  });

  it("adds a file of one's own with what was said about it", async () => {
    const network = encodeModel({
      name: "mine",
      nodes: [{ type: "Identity", inputs: ["zeros"], outputs: ["answer"] }],
      initialisers: [{ name: "zeros", shape: [1, 300, 6], type: "float32", data: new Float32Array(1800) }],
      inputs: [{ name: "picture", shape: [1, 3, "height", "width"] }],
      outputs: [{ name: "answer", shape: [1, 300, 6] }],
    });
    const file = join(home, "My Model.onnx");
    await writeFile(file, network);
    const hash = createHash("sha256").update(network).digest("hex");
    const words = [
      "--decoder",
      "yolo-nms",
      "--classes",
      "dog,bike,Car",
      "--size",
      "320x256",
      "--range",
      "imagenet",
      "--channels",
      "bgr",
      "--fit",
      "stretch",
    ];
    await models("add", file, "--sha256", hash, ...words, "--threshold", "0.2", "--licence", "MIT");
    expect(said.at(-1)).toBe("my-model is ready: input 320×256, stretch, 3 classes.");
    said = [];
    await models("list", "--json");
    expect(JSON.parse(said.join("\n"))[0]).toMatchObject({
      name: "my-model",
      sha256: hash,
      source: file,
      licence: "MIT",
      classes: ["dog", "bike", "Car"],
      threshold: 0.2,
      input: { channels: "bgr", mean: [103.53, 116.28, 123.675], size: { width: 320, height: 256 }, fit: "stretch" },
    });
  });

  it.each([
    [[], /What should be done.*list, build, check or add/],
    [["make"], /has no make/],
    [["check"], /no model to check.*models build/],
    [["build", "yolo"], /No model called yolo/],
    [["add"], /Name one file.*--sha256/],
    [["add", "a.onnx", "--sha256", "12", "--decoder", "yolox"], /64 hex digits.*sha256sum/],
    [["add", "a.onnx", "--sha256", "0".repeat(64), "--decoder", "yolo"], /--decoder must be one of centernet/],
    [["add", "ä.onnx", "--sha256", "0".repeat(64), "--decoder", "yolox", "--name", "Ä"], /--name: use 1 to 48/],
    [["add", "package.json", "--sha256", "0".repeat(64), "--decoder", "yolox"], /another SHA-256/],
    [
      ["add", "package.json", "--sha256", "0".repeat(64), "--decoder", "yolox", "--fit", "crop"],
      /--fit must be one of centre-black, centre-grey, corner-grey, stretch/,
    ],
  ])("tells a mistake in %j and what to do", async (args, message) => {
    const err = await models(...args).catch((caught: unknown) => caught);
    expect(err).toBeInstanceOf(Trouble);
    expect(`${(err as Trouble).message} ${(err as Trouble).next}`).toMatch(message);
  });
});

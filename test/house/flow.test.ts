import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { files, read } from "./files.ts";

const street =
  "rtsp → frames → detections → tracks → events → outbox → mqtt → inbox → records → store → alerts → api → screen";

/** Follows file names from `start`: the right half of one is the left half of the next. */
function follow(start: string, steps: ReadonlyMap<string, string>): string {
  const seen = [start];
  for (let next = steps.get(start); next !== undefined && !seen.includes(next); next = steps.get(next)) seen.push(next);
  return seen.join(" → ");
}

function stages(): ReadonlyMap<string, string> {
  const names = [...files("edge-agent/src/flow/*.ts", "hub/src/flow/*.ts"), ...files("hub/web/src/*-to-*.ts")]
    .map((path) => basename(path, ".ts"))
    .filter((name) => !name.endsWith(".test"));
  return new Map(names.map((name) => name.split("-to-") as [string, string]));
}

describe("the flow", () => {
  it("can be read from the file names, from the camera to the screen", () => {
    expect(follow("rtsp", stages())).toBe(street);
  });

  it("has no stage that stands outside it", () => {
    const words = new Set([...street.split(" → "), "sensors", "readings"]);
    expect([...stages()].filter(([takes, gives]) => !words.has(takes) || !words.has(gives ?? ""))).toEqual([]);
  });

  it("is the flow that the papers tell", () => {
    for (const paper of ["README.md", "ARCHITECTURE.md", "AGENTS.md"])
      expect(read(paper).replace(/\n> /g, " ")).toContain(street);
  });

  it("would notice a missing stage", () => {
    expect(
      follow(
        "rtsp",
        new Map([
          ["rtsp", "frames"],
          ["tracks", "events"],
        ]),
      ),
    ).toBe("rtsp → frames");
  });
});

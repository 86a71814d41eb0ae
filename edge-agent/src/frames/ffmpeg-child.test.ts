import { Trouble } from "@openkerb/contract";
import { expect, it } from "vitest";
import { startChild } from "./ffmpeg-child.ts";

const endless = ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc=size=64x64", "-f", "rawvideo", "pipe:1"];

it("says what to install when ffmpeg is missing", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nowhere";
  try {
    const failed = await startChild("ffmpeg", [], () => undefined).catch((err: unknown) => err);
    expect(failed).toBeInstanceOf(Trouble);
    expect((failed as Trouble).next).toMatch(/apt-get install ffmpeg/);
  } finally {
    process.env.PATH = path;
  }
});

it("hears what the child says and how it ended", async () => {
  const said: string[] = [];
  await using child = await startChild("ffmpeg", ["-v", "error", "-i", "/no/such/file"], (line) => said.push(line));
  child.output.resume();
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(said.join()).toMatch(/No such file/);
});

it("ends a child that is asked to, and kills one that hangs", async () => {
  for (const hang of [false, true]) {
    const child = await startChild("ffmpeg", endless, () => undefined);
    await new Promise((resolve) => child.output.once("data", resolve));
    if (hang) process.kill(child.pid, "SIGSTOP");
    await child[Symbol.asyncDispose]();
    const { code, signal } = await child.ended;
    expect(hang ? signal : (signal ?? code)).toBe(hang ? "SIGKILL" : 255);
    expect(() => process.kill(child.pid, 0)).toThrow(/ESRCH/);
    // Twice is not once too often.
    await child[Symbol.asyncDispose]();
  }
});

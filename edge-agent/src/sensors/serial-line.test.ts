import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serialLines, whyClosed } from "./serial-line.ts";

const format = { baud: 9600, format: "8N1" } as const;

it("a serial line that is not there is told by its name", async () => {
  await expect(serialLines().open("/dev/ttyNOPE9", format)).rejects.toMatchObject({
    trouble: "unplugged",
    message: "there is no serial line /dev/ttyNOPE9 (ENOENT)",
  });
});

it("a serial line that another program holds, or that is none, is told as such", async () => {
  const folder = await mkdtemp(join(tmpdir(), "line-"));
  try {
    await writeFile(join(folder, "file"), "");
    await expect(serialLines().open(join(folder, "file"), format)).rejects.toMatchObject({
      trouble: "unplugged",
      message: expect.stringMatching(/file cannot be opened: another program holds it, or it is no serial line$/),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it("a serial line that this user may not use names the group that may", async () => {
  const refused = () => Promise.reject(Object.assign(new Error("EACCES"), { code: "EACCES" }));
  expect(await whyClosed("/dev/ttyUSB0", refused)).toBe(
    "this user may not use /dev/ttyUSB0; add it to the group: sudo usermod -aG dialout $USER, then log in again",
  );
});

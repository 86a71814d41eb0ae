import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readTarball } from "./tarball.ts";

/** One entry as tar writes it: a header of 512 bytes with octal size, then the content filled up to whole blocks. */
function entry(name: string, content: string, kind = "0", prefix = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write(kind, 156);
  header.write(prefix, 345);
  return Buffer.concat([header, Buffer.from(content.padEnd(Math.ceil(content.length / 512) * 512, "\0"))]);
}

describe("a tarball", () => {
  it("gives its files, long names and empty ones too, and skips folders", () => {
    const tar = Buffer.concat([
      entry("package/", "", "5"),
      entry("package/a.json", "{}"),
      entry("b.bin", "x".repeat(600), "0", "package/deep"),
      entry("package/empty", ""),
      Buffer.alloc(1024),
    ]);
    const files = readTarball(gzipSync(tar));
    expect([...files].map(([name, bytes]) => [name, bytes.length])).toEqual([
      ["package/a.json", 2],
      ["package/deep/b.bin", 600],
      ["package/empty", 0],
    ]);
  });
});

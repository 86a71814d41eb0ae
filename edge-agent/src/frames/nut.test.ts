import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { nutReader } from "./nut.ts";

const made = (source: string, ...options: string[]): Uint8Array => {
  const words = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-pix_fmt", "rgb24", "-c:v", "rawvideo"];
  const run = spawnSync("ffmpeg", [...words, ...options, "-f", "nut", "pipe:1"], { maxBuffer: 1 << 28 });
  return Uint8Array.from(run.stdout);
};

function read(bytes: Uint8Array, size: number, cuts: readonly number[]): { times: number[]; first: Uint8Array[] } {
  const times: number[] = [];
  const first: Uint8Array[] = [];
  const reader = nutReader({
    take: () => new Uint8Array(size),
    give: (data, time) => {
      times.push(time);
      first.push(data.slice(0, 6));
    },
  });
  let from = 0;
  for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
    reader.feed(bytes.subarray(from, cut));
    from = cut;
  }
  return { times, first };
}

it("reads the same pictures however the pipe cuts the bytes", () => {
  const bytes = made("testsrc=size=32x16:rate=10:duration=2");
  const whole = read(bytes, 32 * 16 * 3, []);
  expect(whole.times).toEqual(Array.from({ length: 20 }, (_, i) => i * 100));
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
      expect(read(bytes, 32 * 16 * 3, cuts)).toEqual(whole);
    }),
    { numRuns: 100 },
  );
  const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
  expect(read(bytes, 32 * 16 * 3, everywhere)).toEqual(whole);
});

it("follows times over long gaps and odd time bases", () => {
  const bytes = made(
    "testsrc=size=16x16:rate=30000/1001:duration=400,select='not(mod(n,997))'",
    ...["-fps_mode", "passthrough", "-enc_time_base", "-1"],
  );
  const { times } = read(bytes, 16 * 16 * 3, []);
  expect(times).toHaveLength(13);
  times.forEach((time, i) => {
    expect(time).toBeCloseTo((i * 997 * 1001) / 30, 0);
  });
});

it("refuses what is not NUT, and pictures of another size", () => {
  expect(() => read(new TextEncoder().encode("HTTP/1.1 200 OK\r\n".repeat(9)), 9, [])).toThrow(/does not begin/);
  const bytes = made("testsrc=size=32x16:rate=10:duration=1");
  expect(() => read(bytes, 99, [])).toThrow(/1536 bytes where 99/);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openkerb } from "../../../test/openkerb.ts";
import { type MadeWav, madeWav } from "../noise/made-wav.ts";

const frame = "424d001c0005000d00160005000d001602fd00fc001d000f00060006970003c5";

describe("openkerb sensors", () => {
  it("decodes by the profile's name or by the model's", async () => {
    const [byName, byModel] = await Promise.all([
      openkerb(["sensors", "decode", "--profile", "pmsx003", "--hex", frame, "--json"]),
      openkerb(["sensors", "decode", "--profile", "PMS7003", "--hex", frame.toUpperCase(), "--json"]),
    ]);
    expect(JSON.parse(byName.out)).toMatchObject({ profile: "pmsx003@1", values: { pm25: 13, raw25: 13, n0_3: 7.65 } });
    expect(byModel.out).toBe(byName.out);
  });

  it("refuses a broken frame with the reason and exit code 1", async () => {
    const { out, code } = await openkerb([
      "sensors",
      "decode",
      "--profile",
      "pmsx003",
      "--hex",
      `${frame.slice(0, -2)}00`,
      "--json",
    ]);
    expect([code, JSON.parse(out)]).toEqual([
      1,
      { profile: "pmsx003@1", refused: "checksum 768 where the bytes give 965" },
    ]);
  });

  it("says when a value is beyond what the sensor can measure", async () => {
    const { out, code } = await openkerb(["sensors", "decode", "--profile", "mh-z19b", "--hex", "ff862ee0000000006c"]);
    expect([code ?? 0, out]).toEqual([0, expect.stringMatching(/ 12000 \[ppm\] {2}\(co2\) {2}beyond 0 to 10000: bad/)]);
  });

  it("names the profiles there are", async () => {
    const { err, code } = await openkerb(["sensors", "decode", "--profile", "nonesuch", "--hex", "00"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^openkerb sensors: There is no profile "nonesuch"\.\n/)]);
    expect((await openkerb(["sensors", "list"])).out).toMatch(/^sps30 +Sensirion SPS30/m);
  });
});

it("says what is wrong with a profile of one's own, and where", async () => {
  const folder = await mkdtemp(join(tmpdir(), "profiles-"));
  try {
    await writeFile(join(folder, "mine.json"), '{"name":"mine",');
    await writeFile(join(folder, "other.json"), '{"name":"other"}');
    const mine = await openkerb(["sensors", "decode", "--profiles", folder, "--profile", "mine", "--hex", "00"]);
    expect([mine.code, mine.err]).toEqual([
      1,
      expect.stringMatching(/^openkerb sensors: The profile mine is no JSON: .+\n$/),
    ]);
    const other = await openkerb(["sensors", "decode", "--profiles", folder, "--profile", "other", "--hex", "00"]);
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringMatching(/The profile other is not sound:\n {2}version: /),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

describe("openkerb noise", () => {
  /** A sine of the given share of full scale. */
  const tone = (seconds: number, hertz: number, share: number, of: MadeWav = {}) => {
    const rate = 16_000;
    const values = Array.from({ length: seconds * rate }, (_, i) => share * Math.sin((2 * Math.PI * hertz * i) / rate));
    return madeWav(values, { rate, ...of });
  };

  it("measures a recording at the full scale that its calibrator gave", async () => {
    const calibrated = await openkerb(["noise", "calibrate", "--json"], tone(4, 1000, 0.1));
    const { fullScale } = JSON.parse(calibrated.out);
    const { out } = await openkerb(
      ["noise", "levels", "--full-scale", String(fullScale), "--json"],
      tone(3, 1000, 0.1),
    );
    const levels = JSON.parse(out);
    for (const name of ["LAeq", "LCeq", "LZeq"]) expect(Math.abs(levels[name] - 94)).toBeLessThan(0.05);
    expect(Math.abs(levels.thirdOctaves["1000"] - 94)).toBeLessThan(0.05);
    expect(Object.keys(levels.percentiles)).toEqual(["L5", "L10", "L50", "L90", "L95"]);
  });

  it("does not calibrate on another tone, and says so", async () => {
    const { err, code } = await openkerb(["noise", "calibrate"], tone(4, 400, 0.1));
    expect([code, err]).toEqual([1, "Not calibrated: the tone is at 400 Hz, not 1000 Hz.\n"]);
  });

  it("measures what is there of a recording that was cut off, and says how much is missing", async () => {
    const { out, err } = await openkerb(["noise", "levels", "--json"], tone(3, 1000, 0.1).slice(0, -32_000));
    expect(JSON.parse(out)).toMatchObject({ seconds: 2, missingSeconds: 1 });
    expect(err).toBe("The recording ends 1.00 s before its heading says. What is there was measured.\n");
  });

  it("says of silence that it is no sound, and prints the bands from low to high", async () => {
    const silent = await openkerb(["noise", "levels", "--json"], tone(2, 1000, 0));
    expect(silent.err).toBe("Every sample is the same: was the microphone connected?\n");
    const { out, err } = await openkerb(["noise", "levels"], tone(2, 1000, 0.1));
    const bands = [...out.matchAll(/^([\d.]+) Hz/gm)].map(([, name]) => Number(name));
    expect([err, bands]).toEqual(["", bands.toSorted((a, b) => a - b)]);
    expect(bands).toContain(31.5);
  });
});

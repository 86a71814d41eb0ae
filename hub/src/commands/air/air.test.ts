import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, openkerb, startOpenkerb } from "../../../../test/openkerb.ts";

const air = (args: readonly string[], input = ""): Promise<Answer> => openkerb(["air", ...args], input);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "openkerb-air-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("openkerb air", () => {
  it("index keeps every column, gives a reason for an empty index, and one overall row for each place", async () => {
    const { out } = await air(
      ["index", "--standard", "us-2024", "--overall"],
      "station,pollutant,averaging,value,unit\nnorth,pm25,24h,35.9,ug/m3\nnorth,o3,1h,NA,ppm\nsouth,pm25,1h,5,µg/m³\n",
    );
    expect(out.trimEnd().split("\n")).toEqual([
      "station,pollutant,averaging,value,unit,index,category,reason,primary",
      "north,pm25,24h,35.9,ug/m3,102,Unhealthy for Sensitive Groups,,",
      "north,o3,1h,NA,ppm,,,missing value,",
      "south,pm25,1h,5,µg/m³,,,a single hour of particles has no AQI: use the 24-hour mean or the NowCast,",
      "north,overall,,,,102,Unhealthy for Sensitive Groups,,pm25",
      "south,overall,,,,,,no pollutant has an index,",
    ]);
  });

  it("index asks a European station for the pollutants it must have, when it is told which kind it is", async () => {
    const rows = "pollutant,averaging,value,unit\npm10,1h,50,ug/m3\nno2,1h,11,ug/m3\n";
    const overall = async (...more: string[]) =>
      (await air(["index", "--standard", "eaqi-2024", "--overall", ...more], rows)).out.trimEnd().split("\n").at(-1);
    expect(await overall()).toBe("overall,,,,3,Moderate,,pm10");
    expect(await overall("--station", "traffic")).toBe("overall,,,,3,Moderate,,pm10");
    expect(await overall("--station", "background")).toBe(
      "overall,,,,,,the European index of a background station needs O3 as well,",
    );
    expect((await air(["index", "--standard", "us-2024", "--overall", "--station", "traffic"], rows)).code).toBe(1);
  });

  it("index takes names in capitals and pollutants as people write them", async () => {
    const { out } = await air(
      ["index", "--standard", "us-2024"],
      "Pollutant,Averaging,Value,Unit\nPM2.5,24H,35.9,µg/m³\n",
    );
    expect(out).toContain("\nPM2.5,24H,35.9,µg/m³,102,Unhealthy for Sensitive Groups,\n");
  });

  // EPA-454/B-24-002: one hour of 305 ppb or more with less than 305 ppb over 24 hours is 200 exactly.
  it("index judges an hour of much SO2 by the day of its own place, wherever that stands in the file", async () => {
    const rows = ["a,so2,1h,400", "a,no2,1h,53", "b,so2,24h,310", "b,so2,1h,400", "a,so2,24h,200", "c,so2,1h,400"];
    const { out } = await air(
      ["index", "--standard", "us-2024"],
      `place,pollutant,averaging,value,unit\n${rows.map((row) => `${row},ppb\n`).join("")}`,
    );
    const found = out
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    expect(found.map(([place, pollutant, , , , index]) => [place, pollutant, index])).toEqual([
      ["a", "so2", "200"],
      ["a", "no2", "50"],
      // 305 to 604 ppb are 201 to 300: 201 + 99 · 5 / 299 = 202.7.
      ["b", "so2", "203"],
      ["b", "so2", ""],
      ["a", "so2", ""],
      ["c", "so2", ""],
    ]);
  });

  it("index answers rows as they come, however many stand for one place", async () => {
    const child = startOpenkerb(["air", "index", "--standard", "us-2024"]);
    child.stdin.write("pollutant,averaging,value,unit\npm25,24h,9,ug/m3\n");
    let out = "";
    for await (const chunk of child.stdout) {
      out += chunk;
      // The answer is there although the input goes on.
      if (out.includes(",50,Good,")) child.stdin.end();
    }
    expect(out.trimEnd().split("\n")).toHaveLength(2);
  });

  it.each([
    ["a number that is none", "pm25,24h,12,ug/m3\npm10,24h,1O,ug/m3\n", /line 3: value "1O" is not a number/],
    ["a number no float can hold", "pm25,24h,1e400,ug/m3\n", /line 2: value "1e400" is not a number/],
    ["a pollutant nobody knows", "pm25,24h,12,ug/m3\n\nxenon,1h,1,ppb\n", /line 4: pollutant "xenon"/],
    ["a unit without meaning", "no2,1h,12,grams\n", /line 2: unit "grams"/],
    ["a cell too few", "no2,1h,12\n", /line 2: 3 cells where the heading has 4/],
  ])("index names the line of %s", async (_, rows, says) => {
    const { err, code } = await air(["index", "--standard", "eaqi-2024"], `pollutant,averaging,value,unit\n${rows}`);
    expect([code, err]).toEqual([1, expect.stringMatching(says)]);
  });

  it("index judges a day by the law in force on it", async () => {
    const rows = "pollutant,averaging,value,unit\npm25,24h,70,ug/m3\n";
    const on = async (day: string) => (await air(["index", "--region", "cn", "--day", day], rows)).out.split("\n")[1];
    expect(await Promise.all([on("2026-02-28"), on("2026-03-01")])).toEqual([
      "pm25,24h,70,ug/m3,94,Good,",
      "pm25,24h,70,ug/m3,110,Lightly polluted,",
    ]);
  });

  it("nowcast refuses an hour that comes twice, and takes it with its zones", async () => {
    const ask = (rows: string) => air(["nowcast", "--pollutant", "pm25"], `time,value\n${rows}`);
    const [twice, zones, back] = await Promise.all([
      ask("2026-10-25T01:00,5\n2026-10-25T02:00,6\n2026-10-25T02:00,7\n"),
      ask("2026-10-25T01:00+02:00,6\n2026-10-25T02:00+02:00,6\n2026-10-25T02:00+01:00,6\n"),
      ask("2026-10-25T03:00,5\n2026-10-25T02:00,6\n"),
    ]);
    expect([twice.code, twice.err]).toEqual([1, expect.stringMatching(/line 4: the same time as the row before/)]);
    expect([zones.code, zones.out]).toEqual([0, "6\n"]);
    expect([back.code, back.err]).toEqual([1, expect.stringMatching(/line 3: not a whole number of hours after/)]);
  });

  it("nowcast prints a number, or NA and why; an hour that was left out is missing", async () => {
    const hours = (list: readonly string[]) =>
      air(["nowcast", "--pollutant", "pm25"], `time,value\n${list.join("\n")}\n`);
    const [steady, hole, disorder] = await Promise.all([
      hours(["2026-01-01T00:00,10", "2026-01-01T01:00,10"]),
      hours(["2026-01-01T00:00,10", "2026-01-01T03:00,10"]),
      hours(["2026-01-01T03:00,10", "2026-01-01T02:00,10"]),
    ]);
    expect(steady.out).toBe("10\n");
    expect(hole.out).toBe("NA fewer than two of the last three hours are valid\n");
    expect(disorder.err).toMatch(/line 3: not a whole number of hours after/);
  });

  it("qc gives one column for each test, named as in the file, and the aggregate", async () => {
    const tests = join(folder, "tests.json");
    await writeFile(
      tests,
      JSON.stringify({ gross_range_test: { fail_span: [0, 100] }, spike: { suspect_threshold: 20 } }),
    );
    const { out } = await air(
      ["qc", "--tests", tests],
      "time,value\n2026-01-01,1\n2026-01-02,50\n2026-01-03,2\n2026-01-04,NA\n2026-01-05,300\n",
    );
    expect(out).toBe(
      "time,value,gross_range_test,spike,aggregate\n2026-01-01,1,1,2,1\n2026-01-02,50,1,3,3\n2026-01-03,2,1,2,1\n2026-01-04,NA,9,9,9\n2026-01-05,300,4,2,4\n",
    );
    await writeFile(tests, JSON.stringify({ spike_test: { threshold: 3 } }));
    expect((await air(["qc", "--tests", tests], "time,value\n")).err).toMatch(/spike_test.*threshold/);
  });

  it("qc counts a bare number as seconds, as ioos_qc does", async () => {
    const tests = join(folder, "flat.json");
    await writeFile(
      tests,
      JSON.stringify({ flat_line_test: { suspect_threshold: 3, fail_threshold: 5, tolerance: 0.1 } }),
    );
    const { out } = await air(["qc", "--tests", tests], "time,value\n0,5\n1,5\n2,5\n3,5\n4,5\n5,5\n");
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => line.split(",")[2]),
    ).toEqual(["flat_line_test", "1", "1", "1", "3", "3", "4"]);
  });

  it("colocate refuses a sensor that follows nothing, as data and in words", async () => {
    const [sensor, reference] = [join(folder, "a.csv"), join(folder, "b.csv")];
    const hour = (i: number) => new Date(Date.UTC(2026, 0, 1, i)).toISOString();
    const rows = (of: (i: number) => number) => Array.from({ length: 300 }, (_, i) => `${hour(i)},${of(i)}`).join("\n");
    await writeFile(
      sensor,
      `# made by hand\n\nTime,NO2 (ppb),Inlet\n${rows((i) => (i * 7919) % 13).replace(/$/gm, ",x")}\n`,
    );
    await writeFile(reference, `time,value\n${rows((i) => 20 + 10 * Math.sin(i / 5))}\n`);
    const args = [
      "colocate",
      "--sensor",
      sensor,
      "--sensor-column",
      "NO2",
      "--reference",
      reference,
      "--reference-column",
      "value",
    ];
    const [json, words] = await Promise.all([air([...args, "--json"]), air(args)]);
    expect(JSON.parse(json.out)).toMatchObject({
      verdict: "refused",
      pairs: { n: 300 },
      reasons: expect.arrayContaining([expect.stringContaining("R²")]),
    });
    expect(words.out).toMatch(/Calibration refused:/);
  });

  // On 25 October 2026 clocks in Europe go back: 02:00 to 03:00 comes twice where no zone is written.
  it("colocate refuses a reference that says two things of one hour, and says when the sensor does", async () => {
    const [sensor, reference] = [join(folder, "s.csv"), join(folder, "r.csv")];
    const rows = (more: readonly string[], of: (i: number) => number) => {
      const hours = Array.from({ length: 240 }, (_, i) => {
        const at = new Date(Date.UTC(2026, 9, 20, i)).toISOString().slice(0, 16);
        return `${at},${of(i).toFixed(2)}`;
      });
      return `time,value\n${[...hours, ...more].join("\n")}\n`;
    };
    const night = "2026-10-25T02:00";
    const wave = (i: number) => 20 + 10 * Math.sin(i / 3);
    const ask = async (ofSensor: readonly string[], ofReference: readonly string[]) => {
      await writeFile(
        sensor,
        rows(ofSensor, (i) => 2 * wave(i)),
      );
      await writeFile(reference, rows(ofReference, wave));
      return air(["colocate", "--sensor", sensor, "--reference", reference]);
    };
    const [once] = [await ask([], [])];
    expect(once.out).toMatch(/^240 pairs /);
    expect(once.out).not.toMatch(/Warning/);
    const twice = await ask([], [`${night},99`]);
    expect([twice.code, twice.err]).toEqual([
      1,
      expect.stringMatching(/gives one time twice .* first 2026-10-25T02:00/),
    ]);
    // A row that was written twice says nothing new.
    expect((await ask([], [rows([], wave).split("\n")[123]!])).out).toBe(once.out);
    const left = await ask([`${night},99`], []);
    expect(left.out).toMatch(/^239 pairs/);
    expect(left.out).toMatch(/the sensor gives 1 times twice with different values \(first 2026-10-25T02:00/);
  });

  it("anomalies answers every row and keeps what was written", async () => {
    const { out } = await air(
      ["anomalies"],
      "timestamp,value\n2026-01-01 00:00:00,5.0\n2026-01-01 00:05:00,NA\n2026-01-01 00:10:00,6\n",
    );
    expect(out).toBe(
      "timestamp,value,anomaly_score\n2026-01-01 00:00:00,5.0,0\n2026-01-01 00:05:00,NA,0\n2026-01-01 00:10:00,6,0\n",
    );
  });

  it("anomalies goes on for as long as rows come and leaves nothing behind for each of them", async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i * 300 + 1_700_000_000},${i % 288}\n`);
    const { out, err } = await air(["anomalies"], `time,Value\n${rows.join("")}`);
    expect(out.split("\n")).toHaveLength(30_002);
    expect(err).toBe("");
  });

  it.each([
    ["colocate", ["--sensor", "gone.csv", "--reference", "gone.csv"]],
    ["forecast", ["--series", "gone.csv", "--column", "PM10", "--test-from", "2026-01-01"]],
  ])("%s names a file that cannot be read", async (command, options) => {
    const { err, code } = await air([command, ...options]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^openkerb air: gone.csv cannot be read/)]);
  });

  it("forecast says which column a file does not have", async () => {
    const series = join(folder, "hours.csv");
    await writeFile(series, "time,PM10\n2026-01-01T00:00,5\n");
    const { err, code } = await air(["forecast", "--series", series, "--column", "PM2.5", "--test-from", "2026-01-01"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/no heading with PM2.5/)]);
  });

  it("forecast names a line whose calendar is none, and a file it cannot write", async () => {
    const series = join(folder, "calendar.csv");
    const hours = Array.from({ length: 900 }, (_, i) => {
      const at = new Date(Date.UTC(2026, 0, 1, i));
      return `2026,${at.getUTCMonth() + 1},${at.getUTCDate()},${at.getUTCHours()},${20 + (i % 24)}`;
    });
    const from = ["--test-from", "2026-02-01", "--horizons", "1"];
    const ask = async (rows: readonly string[], ...more: string[]) => {
      await writeFile(series, `year,month,day,hour,value\n${rows.join("\n")}\n`);
      return air(["forecast", "--series", series, ...from, ...more]);
    };
    for (const wrong of ["2026,13,1,0,5", "2026,2,30,0,5", "2026,1,1,25,5", "2026,1,1.5,0,5"])
      expect((await ask([...hours.slice(0, 3), wrong])).err).toMatch(
        /line 5: year, month, day and hour are not a time/,
      );
    expect((await ask([...hours.slice(0, 3), "2026,1,1,3,0x10"])).err).toMatch(/line 5: value "0x10" is not a number/);
    const out = join(folder, "nowhere", "f.csv");
    expect((await ask(hours, "--forecasts", out)).err).toMatch(/^openkerb air: .*f\.csv cannot be written/);
    // No hour above the event and no warning: nothing to be right or wrong about.
    expect((await ask(hours)).out).toMatch(/ none +none +none +none /);
  });

  it("says what it can do when asked for something else", async () => {
    const { err, code } = await air(["weather"]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^openkerb air: air does not know "weather"\.\n/)]);
  });
});

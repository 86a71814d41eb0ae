import { SiteSensor } from "@openkerb/contract";
import { expect, it } from "vitest";
import { measureMicrophone } from "./measure-microphone.ts";
import type { Microphone } from "./microphone.ts";
import { waitForTone } from "./wait-for-tone.ts";

const microphone = SiteSensor.parse({
  ...{ id: "ear", name: "Ear", profile: "microphone" },
  bus: { kind: "microphone", device: "hw:1,0", rate: 16_000 },
}).bus as Microphone;

async function hear(graph: string | undefined, most = 20) {
  const waiting: string[] = [];
  const stop = new AbortController();
  const result = await waitForTone(microphone, {
    ...{ level: 94, hertz: 1000, most, signal: stop.signal, onWaiting: (why) => waiting.push(why) },
    ...(graph === undefined ? {} : { input: () => ["-f", "lavfi", "-i", graph] }),
  });
  return { result, waiting };
}
const tone = (amplitude: string, hertz = 1000) => `aevalsrc=${amplitude}*sin(2*PI*${hertz}*t):s=16000`;

it("waits through the street's noise until the calibrator's tone stands still", async () => {
  const { result, waiting } = await hear("aevalsrc='if(lt(t,7),0.2*(random(0)-0.5),0.1*sin(2*PI*1000*t))':s=16000", 60);
  expect(waiting.length).toBeGreaterThanOrEqual(3);
  expect(result.kind).toBe("calibrated");
  expect(result.kind === "calibrated" && result.fullScale).toBeCloseTo(1.00237 / (0.1 / Math.SQRT2), 2);
});

it.each([
  ["no tone", "anoisesrc=r=16000:a=0.05:seed=4", /Hz|more in the recording/],
  ["a calibrator of another frequency", tone("0.1", 250), /250 Hz, not 1000/],
  ["a tone that comes and goes", tone("(0.1+0.02*sin(2*PI*0.5*t))"), /wavers|more in the recording/],
  ["a tone that is too loud", tone("2"), /clipped/],
])("refuses %s", async (_, graph, why) => {
  const { result } = await hear(graph, 8);
  expect(result.kind === "refused" && result.why).toMatch(why);
});

it("says that there is no such microphone", async () => {
  await expect(hear(undefined)).rejects.toThrow("there is no microphone hw:1,0; arecord -l");
});

it("measures the third-octave bands of a microphone, and no levels of single seconds", async () => {
  const levels = await measureMicrophone(microphone, {
    ...{ fullScale: 20, seconds: 6, signal: new AbortController().signal },
    input: () => ["-f", "lavfi", "-i", tone(String(Math.SQRT2 / 20))],
  });
  expect(levels.seconds).toBeCloseTo(6, 1);
  for (const level of [levels.LAeq, levels.LCeq, levels.thirdOctaves["1000"]!]) expect(level).toBeCloseTo(93.98, 1);
  expect(levels.thirdOctaves["500"]).toBeLessThan(50);
  expect(levels).not.toHaveProperty("LAeq1s");
});

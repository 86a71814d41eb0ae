import { parseArgs } from "node:util";
import { SiteSensor, Trouble } from "@openkerb/contract";
import { forbidCoreDumps } from "../core-dumps.ts";
import { type Calibrated, calibrate } from "../noise/calibration.ts";
import { meter } from "../noise/meter.ts";
import type { Microphone } from "../noise/microphone.ts";
import { waitForTone } from "../noise/wait-for-tone.ts";
import { readWav } from "../noise/wav.ts";

export const summary = "sound levels of a recording, and the calibration of a microphone";

export const help = `openkerb noise levels [--full-scale <Pa>] [--channel 1] [--json] < recording.wav
openkerb noise calibrate [--level 94] [--hertz 1000] [--json] < calibrator.wav
openkerb noise calibrate --device hw:1,0 [--rate 48000] [--format s16] [--channels 1] [--channel 1] [--wait 120]
                         [--level 94] [--hertz 1000] [--calibrator 'make and number'] [--json]

levels prints LAeq, LCeq, LAFmax, percentiles and third-octave bands of an uncompressed WAV recording. --full-scale is the
sound pressure of a sample of 1 in Pa, as calibrate prints it (1 Pa when left out, so that a sine of full scale is 91 dB).
calibrate finds it from the tone of a field calibrator held to the microphone: from a recording, or with --device from the
microphone itself, where it waits for the tone to stand still for five seconds and then prints the line for the site file.
A tone of another frequency, a wavering, clipped or impure one is refused. No sample is kept or written.`;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "full-scale": { type: "string", default: "1" },
      channel: { type: "string", default: "1" },
      level: { type: "string", default: "94" },
      hertz: { type: "string", default: "1000" },
      json: { type: "boolean", default: false },
      device: { type: "string" },
      rate: { type: "string", default: "48000" },
      format: { type: "string", default: "s16" },
      channels: { type: "string" },
      wait: { type: "string", default: "120" },
      calibrator: { type: "string" },
    },
  });
  const number = (name: "full-scale" | "channel" | "channels" | "level" | "hertz" | "rate" | "wait"): number => {
    const value = Number(options[name]);
    if (Number.isFinite(value) && value > 0) return value;
    throw new Trouble(`--${name} ${options[name]} is not a number above 0.`);
  };
  const [what] = positionals;
  if (what !== "levels" && what !== "calibrate")
    throw new Trouble(what === undefined ? "noise what?" : `noise does not know "${what}".`, help);
  // A crash must not write what was heard to a disk.
  await forbidCoreDumps();
  if (options.device !== undefined) {
    if (what !== "calibrate")
      throw new Trouble(
        "noise levels reads a recording, not a microphone.",
        "The levels of a microphone come from the agent.",
      );
    const [channel, level, hertz] = [number("channel"), number("level"), number("hertz")];
    const channels = options.channels === undefined ? channel : number("channels");
    const wired = {
      kind: "microphone",
      device: options.device,
      rate: number("rate"),
      format: options.format,
      channels,
      channel,
    };
    const bus = SiteSensor.shape.bus.safeParse(wired);
    if (!bus.success) {
      const [issue] = bus.error.issues;
      throw new Trouble(`--${String(issue?.path[0] ?? "device")} cannot be used: ${issue?.message}`);
    }
    if (!options.json) console.error("Put the calibrator on the microphone and switch it on.");
    const result = await waitForTone(bus.data as Microphone, {
      ...{ level, hertz, most: number("wait"), signal },
      onWaiting: (why) => options.json || console.error(`Not yet: ${why}.`),
    });
    tell(result, options.json);
    if (result.kind === "calibrated" && !options.json) {
      const calibration = {
        fullScale: Number(result.fullScale.toPrecision(5)),
        date: new Date().toISOString().slice(0, 10),
        calibrator: options.calibrator ?? `${level} dB, ${hertz} Hz`,
      };
      console.log(`For the site file, under the microphone's bus:\n  calibration: ${JSON.stringify(calibration)}`);
    }
    return;
  }
  const { format, samples } = await readWav(process.stdin, number("channel") - 1);
  if (what === "calibrate") {
    const recorded = await collected(samples, 120 * format.rate);
    tell(calibrate(recorded, format.rate, number("level"), number("hertz")), options.json);
    return;
  }
  const fullScale = number("full-scale");
  const of = meter(format.rate);
  for await (const part of samples) {
    if (signal.aborted) break;
    for (let i = 0; i < part.length; i++) part[i] = part[i]! * fullScale;
    of.add(part);
  }
  const levels = of.levels();
  if (!levels) throw new Trouble("The recording is empty.");
  const round = (value: number) => Math.round(value * 100) / 100;
  const report = {
    ...format,
    fullScalePascal: fullScale,
    ...levels,
    seconds: round(levels.seconds),
    ...Object.fromEntries(
      (["LAeq", "LCeq", "LZeq", "LAFmax", "LAFmin", "LCpeak"] as const).map((k) => [k, round(levels[k])]),
    ),
    percentiles: rounded(levels.percentiles),
    LAeq1s: levels.LAeq1s.map(round),
    thirdOctaves: rounded(levels.thirdOctaves),
  };
  if (options.json) {
    console.log(JSON.stringify(report, undefined, 2));
    return;
  }
  const db = (value: number) => `${value.toFixed(1).padStart(6)} dB`;
  for (const name of ["LAeq", "LCeq", "LAFmax", "LAFmin", "LCpeak"] as const)
    console.log(`${name.padEnd(8)}${db(levels[name])}`);
  for (const [name, value] of Object.entries(levels.percentiles))
    console.log(`LA${name.slice(1).padEnd(6)}${db(value)}`);
  for (const [name, value] of Object.entries(levels.thirdOctaves)) console.log(`${`${name} Hz`.padEnd(9)}${db(value)}`);
}

const rounded = (levels: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(levels).map(([name, value]) => [name, Math.round(value * 100) / 100]));

/** A calibrator's tone is short; what is longer than two minutes is not one. */
async function collected(samples: AsyncIterable<Float64Array>, most: number): Promise<Float64Array> {
  const parts: Float64Array[] = [];
  let count = 0;
  for await (const part of samples) {
    parts.push(part);
    count += part.length;
    if (count > most) throw new Trouble("A calibration recording is at most two minutes long.");
  }
  const all = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function tell(result: Calibrated, json: boolean): void {
  if (json) console.log(JSON.stringify(result));
  else if (result.kind === "calibrated")
    console.log(
      `Full scale is ${result.fullScale.toPrecision(5)} Pa (tone at ${result.hertz.toFixed(1)} Hz, steady within ${result.steadiness.toFixed(2)} dB).`,
    );
  else console.error(`Not calibrated: ${result.why}.`);
  if (result.kind === "refused") process.exitCode = 1;
}

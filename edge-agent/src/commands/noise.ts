import { parseArgs } from "node:util";
import { SiteSensor, Trouble } from "@openkerb/contract";
import { forbidCoreDumps } from "../core-dumps.ts";
import { type Calibrated, calibrate } from "../noise/calibration.ts";
import { measureMicrophone } from "../noise/measure-microphone.ts";
import { type Levels, meter } from "../noise/meter.ts";
import type { Microphone } from "../noise/microphone.ts";
import { waitForTone } from "../noise/wait-for-tone.ts";
import { readWav } from "../noise/wav.ts";

export const summary = "sound levels of a recording, and the calibration of a microphone";

export const help = `openkerb noise levels [--full-scale <Pa>] [--channel 1] [--json] < recording.wav
openkerb noise levels --device hw:1,0 [--minutes 1] [--full-scale <Pa>] [--json]
openkerb noise calibrate [--level 94] [--hertz 1000] [--json] < calibrator.wav
openkerb noise calibrate --device hw:1,0 [--wait 120] [--level 94] [--hertz 1000] [--calibrator 'make and number'] [--json]

levels prints LAeq, LCeq, LAFmax, percentiles and third-octave bands of an uncompressed WAV recording, or of so many
minutes of a microphone. --full-scale is the sound pressure of a sample of 1 in Pa, as calibrate prints it (1 Pa when left
out, so that a sine of full scale is 91 dB).
calibrate finds it from the tone of a field calibrator held to the microphone: from a recording, or with --device from the
microphone itself, where it waits for the tone to stand still for five seconds and then prints the line for the site file.
A tone of another frequency, a wavering, clipped or impure one is refused. No sample is kept or written.

  --device NAME     a microphone of ALSA; arecord -l lists them
  --rate 48000      samples a second        --format s16     s16, s24, s32 or f32, as the sound card gives them
  --channels N      how many it gives       --channel 1      which of them is the microphone`;

const settings = {
  "full-scale": { type: "string", default: "1" },
  channel: { type: "string", default: "1" },
  level: { type: "string", default: "94" },
  hertz: { type: "string", default: "1000" },
  json: { type: "boolean", default: false },
  device: { type: "string" },
  rate: { type: "string", default: "48000" },
  format: { type: "string", default: "s16" },
  channels: { type: "string" },
  minutes: { type: "string", default: "1" },
  wait: { type: "string", default: "120" },
  calibrator: { type: "string" },
} as const;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values: options, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: settings });
  const number = (
    name: "full-scale" | "channel" | "channels" | "level" | "hertz" | "rate" | "minutes" | "wait",
  ): number => {
    const value = Number(options[name]);
    if (Number.isFinite(value) && value > 0) return value;
    throw new Trouble(`--${name} ${options[name]} is not a number above 0.`);
  };
  const [what] = positionals;
  if (what !== "levels" && what !== "calibrate")
    throw new Trouble(what === undefined ? "noise what?" : `noise does not know "${what}".`, help);
  // A crash must not write what was heard to a disk.
  await forbidCoreDumps();
  const [fullScale, channel, level, hertz] = [
    number("full-scale"),
    number("channel"),
    number("level"),
    number("hertz"),
  ];
  if (options.device !== undefined) {
    const microphone = microphoneOf({
      ...{ kind: "microphone", device: options.device, rate: number("rate"), format: options.format, channel },
      channels: options.channels === undefined ? channel : number("channels"),
    });
    if (what === "levels") {
      const seconds = 60 * number("minutes");
      if (!options.json) console.error(`Listening for ${seconds} s.`);
      const levels = await measureMicrophone(microphone, { fullScale, seconds, signal });
      tellLevels({ rate: microphone.rate, fullScalePascal: fullScale }, levels, options.json);
      return;
    }
    if (!options.json) console.error("Put the calibrator on the microphone and switch it on.");
    const result = await waitForTone(microphone, {
      ...{ level, hertz, most: number("wait"), signal },
      onWaiting: (why) => options.json || console.error(`Not yet: ${why}.`),
    });
    tellCalibration(result, options.json);
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
  if (process.stdin.isTTY)
    throw new Trouble("Which recording?", `openkerb noise ${what} < recording.wav, or --device for a microphone.`);
  const { format, samples, missing } = await readWav(process.stdin, channel - 1);
  if (what === "calibrate") {
    const recorded = await collected(samples, 120 * format.rate);
    tellMissing(missing());
    tellCalibration(calibrate(recorded, format.rate, level, hertz), options.json);
    return;
  }
  const of = meter(format.rate);
  let [first, same]: [number | undefined, boolean] = [undefined, true];
  for await (const part of samples) {
    if (signal.aborted) break;
    first ??= part[0];
    same &&= part.every((sample) => sample === first);
    for (let i = 0; i < part.length; i++) part[i] = part[i]! * fullScale;
    of.add(part);
  }
  const levels = of.levels();
  if (!levels) throw new Trouble("The recording is empty.");
  if (same) console.error("Every sample is the same: was the microphone connected?");
  tellMissing(missing());
  const cut = missing() > 0 ? { missingSeconds: Number(missing().toFixed(2)) } : {};
  tellLevels({ ...format, fullScalePascal: fullScale, ...cut }, levels, options.json);
}

/** A recording that was cut off is measured, but whoever defends its levels has to know. */
function tellMissing(seconds: number): void {
  if (seconds > 0)
    console.error(`The recording ends ${seconds.toFixed(2)} s before its heading says. What is there was measured.`);
}

/** What is said of a microphone on the command line is held to the site file's rules. */
function microphoneOf(said: object): Microphone {
  const bus = SiteSensor.shape.bus.safeParse(said);
  if (bus.success) return bus.data as Microphone;
  const [issue] = bus.error.issues;
  throw new Trouble(`--${String(issue?.path[0] ?? "device")} cannot be used: ${issue?.message}`);
}

type Told = Omit<Levels, "LAeq1s"> & { readonly LAeq1s?: readonly number[] };

function tellLevels(of: object, levels: Told, json: boolean): void {
  const round = (value: number) => Math.round(value * 100) / 100;
  if (json) {
    const whole = (["LAeq", "LCeq", "LZeq", "LAFmax", "LAFmin", "LCpeak", "seconds"] as const).map((k) => [
      k,
      round(levels[k]),
    ]);
    const report = {
      ...of,
      ...levels,
      ...Object.fromEntries(whole),
      percentiles: rounded(levels.percentiles),
      ...(levels.LAeq1s === undefined ? {} : { LAeq1s: levels.LAeq1s.map(round) }),
      thirdOctaves: rounded(levels.thirdOctaves),
    };
    console.log(JSON.stringify(report, undefined, 2));
    return;
  }
  const db = (value: number) => `${value.toFixed(1).padStart(6)} dB`;
  for (const name of ["LAeq", "LCeq", "LAFmax", "LAFmin", "LCpeak"] as const)
    console.log(`${name.padEnd(8)}${db(levels[name])}`);
  for (const [name, value] of Object.entries(levels.percentiles))
    console.log(`LA${name.slice(1).padEnd(6)}${db(value)}`);
  const bands = Object.entries(levels.thirdOctaves).sort(([a], [b]) => Number(a) - Number(b));
  for (const [name, value] of bands) console.log(`${`${name} Hz`.padEnd(9)}${db(value)}`);
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

function tellCalibration(result: Calibrated, json: boolean): void {
  if (json) console.log(JSON.stringify(result));
  else if (result.kind === "calibrated")
    console.log(
      `Full scale is ${result.fullScale.toPrecision(5)} Pa (tone at ${result.hertz.toFixed(1)} Hz, steady within ${result.steadiness.toFixed(2)} dB).`,
    );
  else console.error(`Not calibrated: ${result.why}.`);
  if (result.kind === "refused") process.exitCode = 1;
}

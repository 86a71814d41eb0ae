import { bandOf, type DeviceProfile } from "@openkerb/contract";
import { bell } from "../bell.ts";
import type { Sample } from "../flow/sensors-to-readings.ts";
import { againAfter } from "../frames/again.ts";
import type { Decoded, FieldValue } from "../sensors/bytes.ts";
import { inRange } from "../sensors/field.ts";
import { SensorError } from "../sensors/sensor-error.ts";
import { sensorPause, type WatchSensorOptions } from "../sensors/watch-sensor.ts";
import { listen, type Microphone, type SoundInput, stepOf } from "./microphone.ts";
import { cutOffAfter, minuteMeter } from "./minute-meter.ts";

export type WatchMicrophoneOptions = WatchSensorOptions & { readonly input?: SoundInput | undefined };

/**
 * The minutes of a microphone for as long as nobody says stop; ffmpeg is started anew whenever it fails, within the same
 * minute when it lasts. A minute is told when it is over, sound or no sound, and the one that was begun at the end.
 */
export async function* watchMicrophone(
  bus: Microphone,
  { codec }: Pick<DeviceProfile, "codec">,
  { signal, now, onFailed, patience, input }: WatchMicrophoneOptions,
): AsyncGenerator<Sample, never> {
  const range = codec.kind === "sound" ? codec.range : undefined;
  const { rate, calibration, thirdOctaves } = bus;
  const of = minuteMeter({ rate, calibration, step: stepOf[bus.format], thirdOctaves });
  const told: Decoded[] = [];
  // Also whoever stops asking for minutes stops the listening.
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  let failure: { readonly cause: unknown } | undefined;
  const news = bell();

  const give = (minute: Decoded | undefined): void => {
    if (minute) told.push(minute);
    news.ring();
  };
  const take = (block: Float64Array): void => {
    const at = now();
    give(of.turn(at));
    of.add(block, at);
    if (of.cutOff())
      throw new SensorError(
        "cut-off",
        `the microphone gives the same sample for ${cutOffAfter} s: is its cable cut, or is it muted?`,
      );
  };
  const sampleOf = (said: Decoded): Sample => {
    if (said.kind === "refused" || !said.minute) return { at: now(), warming: false, said };
    const values =
      range === undefined ? said.values : said.values.map((value) => inRange(value, rangeOf(value, range)));
    return { at: said.minute.at, warming: false, said: { ...said, values } };
  };

  const listening = (async () => {
    const open = (stop: AbortSignal) => {
      of.forget();
      return listen(bus, take, { signal: stop, input, patience });
    };
    const ended = () => new SensorError("unplugged", "the sound ended");
    for await (const _ of againAfter(SensorError, ended, open, {
      ...{ signal: until, pause: sensorPause, onFailed: (error) => onFailed?.(error) },
    }));
  })().catch((cause: unknown) => {
    failure = { cause };
    news.ring();
  });
  // Without sound nobody else notices that a minute is over.
  const ticking = setInterval(() => give(of.turn(now())), 1000);
  try {
    for (;;) {
      const next = told.shift();
      if (next) yield sampleOf(next);
      else if (failure !== undefined) break;
      else await news.heard();
    }
    const last = of.end();
    if (last) yield sampleOf(last);
    throw failure.cause;
  } finally {
    clearInterval(ticking);
    over.abort();
    await listening;
    of.forget();
  }
}

/** A band holds a part of the sound only: it may be far quieter than anything a microphone can hear as a whole. */
const rangeOf = ({ metric }: FieldValue, [least, most]: readonly [number, number]): [number, number] => [
  metric === undefined || bandOf(metric) === undefined ? least : least - 40,
  most,
];

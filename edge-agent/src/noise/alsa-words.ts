import { SensorError } from "../sensors/sensor-error.ts";

/**
 * What a line of ffmpeg's stderr says about a microphone, or nothing. The only place where its words about sound are
 * read; they are those of libasound in the C locale.
 */
export function heardOf(line: string, device: string): SensorError | undefined {
  if (/cannot open audio device .*\(Device or resource busy\)/.test(line))
    return new SensorError("busy", `another program holds the microphone ${device}; find it with: fuser -v /dev/snd/*`);
  if (/cannot open audio device .*\(Permission denied\)/.test(line))
    return new SensorError(
      "unplugged",
      `this user may not open the microphone ${device}; add it with: sudo usermod -aG audio $USER`,
    );
  if (/cannot open audio device/.test(line))
    return new SensorError("unplugged", `there is no microphone ${device}; arecord -l lists those there are`);
  if (/Unknown input format: '?alsa/.test(line))
    return new SensorError(
      "unplugged",
      "this ffmpeg cannot read sound cards; install the distribution's: sudo apt-get install ffmpeg",
    );
  const [, what] = /cannot set (sample format|channel count|sample rate)/.exec(line) ?? [];
  if (what)
    return new SensorError(
      "refused",
      `the sound card cannot do the ${what} of the site file; arecord --dump-hw-params -D ${device} shows what it can`,
    );
  return undefined;
}

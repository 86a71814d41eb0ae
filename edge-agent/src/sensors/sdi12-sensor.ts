import { setTimeout as wait } from "node:timers/promises";
import type { DeviceCodec } from "@openkerb/contract";
import { type Decoded, refused } from "./bytes.ts";
import { byteReader, lineReader } from "./line-reader.ts";
import { sdi12Fields, sdi12Values } from "./sdi12.ts";
import { judge, type Manner } from "./sensor.ts";
import { SensorError } from "./sensor-error.ts";
import type { Line } from "./serial-line.ts";

/** SDI-12 1.4: a break of 12 ms wakes the sensors, who then want 8.33 ms of quiet before a command. */
const times = { break: 13, mark: 9 };
/** A sensor begins its answer within 15 ms; adapters and the slow line add the rest. */
const answering = 800;
const tries = 3;

/**
 * Asks a sensor on an SDI-12 line for measurements with CRC (aMC!, then aD0! and on until all values are there), again and
 * again. Echoes of the commands and noise before an answer are passed over, and what does not check is asked for again.
 * Throws SensorError when nothing answers at the address.
 */
export async function* sdi12Samples(
  line: Line,
  codec: Extract<DeviceCodec, { kind: "sdi12" }>,
  address: string,
  manner: Manner,
): AsyncGenerator<Decoded, void> {
  const { interval, signal } = manner;
  const bearable = judge(manner);
  using bytes = byteReader(line.stream);
  const reader = lineReader(bytes);

  /** Says a command and gives the first answer that can be understood as one, if any comes. */
  async function asked<T>(command: string, understood: (text: string) => T | undefined): Promise<T | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      await line.breakFor?.(times.break);
      await wait(times.mark, undefined, { signal });
      reader.forget();
      line.stream.write(`${command}!`);
      const deadline = performance.now() + answering;
      for (;;) {
        const text = await reader.next(deadline - performance.now(), signal);
        if (text === undefined) break;
        const answer = understood(text);
        if (answer !== undefined) return answer;
      }
    }
    return undefined;
  }

  async function measured(): Promise<Decoded> {
    const begun = new RegExp(`${address}(\\d{3})(\\d)$`);
    const promise = await asked(`${address}MC`, (text) => begun.exec(text) ?? undefined);
    if (!promise) throw new SensorError("silent", `no sensor answers at address ${address} of the SDI-12 line`);
    const [seconds, count] = [Number(promise[1]), Number(promise[2])];
    if (count === 0) return refused("the sensor has nothing to measure");
    // It may be ready before its time, and then says its address.
    for (const deadline = performance.now() + 1000 * seconds; ; ) {
      const text = await reader.next(deadline - performance.now(), signal);
      if (text === undefined || text.endsWith(address)) break;
    }
    const values: number[] = [];
    for (let part = 0; part < 10 && values.length < count; part++) {
      const more = await asked(`${address}D${part}`, (text) => valuesIn(text, address));
      if (!more) return refused("CRC or form of the line is wrong");
      if (more.length === 0) return refused("the measurement was given up");
      values.push(...more);
    }
    return values.length < count ? refused(`${values.length} of ${count} values`) : sdi12Fields(codec, values);
  }

  for (;;) {
    // Until a sensor is ready nobody else on the line may be spoken to.
    const answer = await line.turn(measured);
    yield answer;
    bearable(answer);
    await wait(interval, undefined, { signal });
  }
}

/** The values of a data line, wherever in the text it begins: noise may stand before it. */
function valuesIn(text: string, address: string): readonly number[] | undefined {
  for (let at = text.indexOf(address); at >= 0; at = text.indexOf(address, at + 1)) {
    const found = sdi12Values(text.slice(at));
    if (found) return found.values;
  }
  return undefined;
}

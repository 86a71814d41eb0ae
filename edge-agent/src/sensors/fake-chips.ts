import { crc8Sensirion } from "./checksum.ts";
import type { I2cBus, I2cDoor } from "./i2c-line.ts";

/** A chip as the bus sees it; throwing is not acknowledging. */
export type FakeChip = { write(bytes: Uint8Array): void; read(length: number): Uint8Array };

const notAcknowledged = (): never => {
  throw Object.assign(new Error("EREMOTEIO, remote I/O error"), { code: "EREMOTEIO" });
};

/** A bus with chips on it, for tests on machines that have none. */
export function fakeI2c(
  chips: ReadonlyMap<number, FakeChip>,
): I2cDoor & { readonly opened: number; readonly closed: number } {
  let [opened, closed] = [0, 0];
  return {
    get opened() {
      return opened;
    },
    get closed() {
      return closed;
    },
    check: async () => undefined,
    open: async (): Promise<I2cBus> => {
      opened++;
      return {
        write: async (address, bytes) => (chips.get(address) ?? notAcknowledged()).write(bytes),
        read: async (address, length) => (chips.get(address) ?? notAcknowledged()).read(length),
        close: async () => {
          closed++;
        },
      };
    },
  };
}

const word = (value: number): number[] => {
  const pair = [(value >> 8) & 0xff, value & 0xff];
  return [...pair, crc8Sensirion(Uint8Array.from(pair))];
};

/**
 * A Sensirion chip: knows start, ready, read and stop, has a measurement every `every` milliseconds and each only once, does
 * not acknowledge for `busy` milliseconds after a stop, and refuses to be started twice.
 */
export function sensirionChip(
  commands: { readonly start: number; readonly ready: number; readonly read: number; readonly stop: number },
  words: readonly number[],
  { every = 30, busy = 0, ready = 1 } = {},
) {
  let [measuring, due, until, asked] = [false, 0, 0, 0];
  const said: string[] = [];
  const chip = {
    said,
    /** Answers so many times with a word whose CRC is wrong. */
    spoil: 0,
    get measuring() {
      return measuring;
    },
    leaveMeasuring() {
      [measuring, due] = [true, performance.now() + every];
    },
    write(bytes: Uint8Array) {
      if (performance.now() < until) notAcknowledged();
      asked = bytes[0]! * 256 + bytes[1]!;
      const name = Object.entries(commands).find(([, code]) => code === asked)?.[0] ?? notAcknowledged();
      if (name === "start") {
        if (measuring) notAcknowledged();
        chip.leaveMeasuring();
      }
      if (name === "stop") [measuring, until] = [false, performance.now() + busy];
      if (name !== "ready") said.push(name);
    },
    read(length: number) {
      if (performance.now() < until) notAcknowledged();
      if (asked === commands.ready)
        return Uint8Array.from(word(measuring && performance.now() >= due ? ready : 0)).subarray(0, length);
      if (asked !== commands.read || !measuring || performance.now() < due) return notAcknowledged();
      due = performance.now() + every;
      const bytes = Uint8Array.from(words.flatMap(word));
      if (chip.spoil > 0) {
        chip.spoil--;
        bytes[2] = bytes[2]! ^ 0x55;
      }
      return bytes.subarray(0, length);
    },
  };
  return chip;
}

/** A chip of 256 registers: a write names one and fills from it, a read goes on from it. */
export function registerChip(
  registers: Uint8Array,
  onWrite: (register: number, value: number) => void = () => undefined,
) {
  let at = 0;
  return {
    registers,
    write(bytes: Uint8Array) {
      at = bytes[0]!;
      for (const [i, value] of bytes.subarray(1).entries()) {
        registers[at + i] = value;
        onWrite(at + i, value);
      }
    },
    read: (length: number) => registers.slice(at, at + length),
  };
}

/** An ADS1115 with volts on its inputs: a conversion takes 8 ms, and only ends when it was begun. */
export function ads1115Chip(volts: readonly number[]) {
  let [pointer, config, result, ends] = [0, 0x8583, 0, 0];
  const steps = [0.0001875, 0.000125, 0.0000625, 0.00003125, 0.000015625, 0.0000078125];
  return {
    write(bytes: Uint8Array) {
      pointer = bytes[0]!;
      if (pointer !== 1 || bytes.length !== 3) return;
      config = bytes[1]! * 256 + bytes[2]!;
      if (!(config & 0x8000)) return;
      ends = performance.now() + 8;
      const input = ((config >> 12) & 7) - 4;
      const step = steps[(config >> 9) & 7] ?? 0;
      result = input < 0 ? 0 : Math.max(-32_768, Math.min(32_767, Math.round((volts[input] ?? 0) / step)));
    },
    read(length: number) {
      const out = Buffer.alloc(2);
      if (pointer === 1) out.writeUInt16BE((config & 0x7fff) | (performance.now() >= ends ? 0x8000 : 0));
      else out.writeInt16BE(performance.now() >= ends ? result : 0);
      return out.subarray(0, length);
    },
  };
}

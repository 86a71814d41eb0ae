import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { Trouble } from "@openkerb/contract";
import { SensorError } from "./sensor-error.ts";

/** An open two-wire bus; whoever opened it closes it. A chip that does not answer makes write and read throw. */
export type I2cBus = {
  write(address: number, bytes: Uint8Array): Promise<void>;
  read(address: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
};
/** How a bus is opened, and what must be there before. */
export type I2cDoor = { check(bus: number): Promise<void>; open(bus: number): Promise<I2cBus> };

type Package = Pick<typeof import("i2c-bus"), "openPromisified">;

async function i2cPackage(): Promise<Package> {
  const { default: whole } = (await import("i2c-bus").catch((cause: unknown) => {
    throw new Trouble(
      "reading an I2C bus needs the package i2c-bus, which cannot be loaded here",
      "Install it with: npm install i2c-bus, which needs a compiler (or take the I2C sensors out of the site file).",
      { cause },
    );
  })) as unknown as { readonly default: Package };
  return whole;
}

const codeOf = (err: unknown): string => (err instanceof Error && "code" in err ? String(err.code) : "");

/** Buses of Linux, /dev/i2c-N. */
export const linuxI2c: I2cDoor = {
  async check(bus) {
    await i2cPackage();
    await access(`/dev/i2c-${bus}`, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      if (codeOf(cause) === "EACCES")
        throw new Trouble(
          `this user may not use /dev/i2c-${bus}`,
          "Add it to the group: sudo usermod -aG i2c $USER, then log in again.",
          { cause },
        );
      throw new Trouble(
        `there is no I2C bus ${bus} on this machine (/dev/i2c-${bus})`,
        "On a Raspberry Pi write dtparam=i2c_arm=on into /boot/firmware/config.txt, load the module with: sudo modprobe i2c-dev, and start anew; ls /dev/i2c-* shows what there is.",
        { cause },
      );
    });
  },
  async open(bus) {
    const { openPromisified } = await i2cPackage();
    const wire = await openPromisified(bus).catch((cause: unknown) => {
      throw new SensorError("unplugged", `/dev/i2c-${bus} cannot be opened`, { cause });
    });
    return {
      write: async (address, bytes) => {
        await wire.i2cWrite(address, bytes.length, Buffer.from(bytes));
      },
      read: async (address, length) => {
        const bytes = Buffer.alloc(length);
        await wire.i2cRead(address, length, bytes);
        return bytes;
      },
      close: () => wire.close(),
    };
  },
};

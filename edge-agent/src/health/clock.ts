import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { ClockQuality } from "@openkerb/contract";

/** What is known of the device's clock. `offset` is how far it is ahead of the right time, milliseconds. */
export type ClockState = { readonly quality: ClockQuality; readonly offset?: number };

/** Where the usual time services leave their word; replaceable for tests. */
export type ClockSigns = {
  readonly timesyncd: () => "synced" | "running" | "absent";
  /** One line of `chronyc -c tracking`, or undefined when there is no chrony. */
  readonly chrony: () => Promise<string | undefined>;
};

/**
 * Asks the time services of this system: systemd-timesyncd by its stamp file, chrony by its own tool. With neither
 * nothing is known, which is not the same as wrong: ntpd, PTP or a hypervisor may keep the clock.
 */
export async function readClock(signs: ClockSigns = systemSigns): Promise<ClockState> {
  const tracking = await signs.chrony();
  if (tracking !== undefined) return fromChrony(tracking);
  switch (signs.timesyncd()) {
    case "synced":
      return { quality: "synced" };
    case "running":
      return { quality: "unsynced" };
    case "absent":
      return { quality: "unknown" };
  }
}

/** Fields of `chronyc -c tracking`: 4 is the system time's offset in seconds (positive: slow), the last the leap status. */
function fromChrony(line: string): ClockState {
  const fields = line.trim().split(",");
  const slow = Number(fields[4]);
  if (fields.length < 14 || !Number.isFinite(slow)) return { quality: "unknown" };
  const synced = fields.at(-1) !== "Not synchronised";
  return {
    quality: synced ? "synced" : "unsynced",
    ...(synced ? { offset: Math.round(slow * -1_000_000) / 1000 } : {}),
  };
}

const run = promisify(execFile);

const systemSigns: ClockSigns = {
  timesyncd: () =>
    existsSync("/run/systemd/timesync/synchronized")
      ? "synced"
      : existsSync("/run/systemd/timesync")
        ? "running"
        : "absent",
  chrony: async () => {
    if (!existsSync("/run/chrony") && !existsSync("/var/run/chrony")) return undefined;
    try {
      return (await run("chronyc", ["-c", "tracking"], { timeout: 2000 })).stdout;
    } catch {
      return undefined;
    }
  },
};

import { readdir, readFile, statfs } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import type { Health } from "@openkerb/contract";

/** What the box itself is like; absent is what this hardware or system does not tell. */
export type Machine = Pick<Health, "memory" | "load" | "temperature" | "disk">;

/** Reads the box's own state. `data` is the folder whose disk matters. Never throws: a broken gauge is an absent one. */
export async function readMachine(data: string, zones = "/sys/class/thermal"): Promise<Machine> {
  const [temperature, disk] = await Promise.all([hottest(zones), diskOf(data)]);
  const [load] = loadavg();
  return {
    memory: process.memoryUsage.rss(),
    ...(load === undefined ? {} : { load: Math.round(load * 100) / 100 }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(disk === undefined ? {} : { disk }),
  };
}

/** The hottest of the processor's zones in °C, or of all zones when none says that it is the processor's. */
async function hottest(folder: string): Promise<number | undefined> {
  const names = await readdir(folder).catch(() => []);
  const zones = await Promise.all(
    names
      .filter((name) => name.startsWith("thermal_zone"))
      .map(async (name) => {
        const text = (file: string): Promise<string> => readFile(join(folder, name, file), "utf8").catch(() => "");
        const [type, temp] = await Promise.all([text("type"), text("temp")]);
        return { processor: /cpu|soc|pkg/i.test(type), celsius: temp.trim() === "" ? Number.NaN : Number(temp) / 1000 };
      }),
  );
  // A zone without a sensor behind it says 0 or absurd things.
  const sane = zones.filter(({ celsius }) => celsius > -60 && celsius < 200 && celsius !== 0);
  const processor = sane.filter((zone) => zone.processor);
  const all = (processor.length > 0 ? processor : sane).map(({ celsius }) => celsius);
  return all.length === 0 ? undefined : Math.max(...all);
}

async function diskOf(folder: string): Promise<Health["disk"]> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return undefined;
  }
}

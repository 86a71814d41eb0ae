import { statfs } from "node:fs/promises";
import { z } from "zod";
import type { Api, ApiParts } from "../parts.ts";

const Ready = z.strictObject({ ready: z.boolean(), troubles: z.array(z.string()) });
/** With less room than this the database may not get through its next minute. */
const leastRoom = 64 * 1024 * 1024;

/** A trial write is a sync of the disk, and anybody may ask: the answer holds for a while, milliseconds. */
const probeHolds = 1000;

/** For whatever watches over the hub: whether it lives, and whether it can do its work. */
export function healthRoutes(app: Api, { store, settings, brokerTrouble, clockTrouble }: ApiParts): void {
  let probed = { at: Number.NEGATIVE_INFINITY, writable: true };
  const writable = (): boolean => {
    const at = performance.now();
    if (at - probed.at >= probeHolds) probed = { at, writable: store.probe() };
    return probed.writable;
  };
  app.get(
    "/livez",
    {
      config: { access: "public" },
      schema: {
        tags: ["watch"],
        summary: "Whether the hub lives",
        response: { 200: z.strictObject({ live: z.literal(true) }) },
      },
    },
    async () => ({ live: true }) as const,
  );
  app.get(
    "/readyz",
    {
      config: { access: "public" },
      schema: { tags: ["watch"], summary: "Whether the hub can do its work", response: { 200: Ready, 503: Ready } },
    },
    async (_, reply) => {
      const troubles = [
        brokerTrouble(),
        writable() ? undefined : "The database cannot be written.",
        await room(settings.config.data),
      ];
      const ready = troubles.every((t) => t === undefined);
      // To be told, but no reason to send boxes and people elsewhere: all else works.
      const told = [...troubles, clockTrouble()].filter((t) => t !== undefined);
      return reply.code(ready ? 200 : 503).send({ ready, troubles: told });
    },
  );
}

async function room(folder: string): Promise<string | undefined> {
  const disk = await statfs(folder).catch(() => undefined);
  if (!disk) return "The data folder is gone.";
  const free = disk.bavail * disk.bsize;
  return free < leastRoom
    ? `The disk is full: only ${Math.round(free / 1024 / 1024)} MB are left for the database.`
    : undefined;
}

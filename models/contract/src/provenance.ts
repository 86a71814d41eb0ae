import { z } from "zod";

/** QARTOD's flags, in its own numbers: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing. */
export const QualityFlag = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(9)]);
export type QualityFlag = z.infer<typeof QualityFlag>;

/** How far the device's clock could be trusted when the item was made. */
export const ClockQuality = z.enum(["synced", "unsynced", "unknown"]);
export type ClockQuality = z.infer<typeof ClockQuality>;

/** A short name of a config's content: the first 12 hex digits of its SHA-256. */
export const ConfigVersion = z.string().regex(/^[0-9a-f]{12}$/);
export type ConfigVersion = z.infer<typeof ConfigVersion>;

/** Where a value comes from. `source` is `model:<name>@<12 hex of its SHA-256>` or `profile:<name>@<version>`. */
export const Provenance = z.strictObject({
  source: z.string().regex(/^(model|profile|agent):[a-z0-9._-]{1,48}@[a-z0-9._-]{1,24}$/),
  config: ConfigVersion,
  /** Which correction was applied to the raw value; absent means none. */
  correction: z
    .string()
    .regex(/^[a-z0-9._@-]{1,48}$/)
    .optional(),
});
export type Provenance = z.infer<typeof Provenance>;

import { z } from "zod";
import { AirRegion } from "./air-law.ts";
import { CityId, DeviceId } from "./id.ts";
import { Metric } from "./reading.ts";

const hourOfDay = z.int().min(0).max(23);
const port = z.int().min(0).max(65_535);
/** PEM files. Needed as soon as a door opens beyond this machine. */
const tls = z.strictObject({
  key: z.string().min(1),
  certificate: z.string().min(1),
  clientAuthority: z.string().min(1).optional(),
});

export const Role = z.enum(["technician", "operator", "officer", "privacy"]);
export type Role = z.infer<typeof Role>;

/** The hub's own file. Everything has a default that is safe on one machine; nothing opens without being asked. */
export const HubConfig = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  city: CityId,
  /** Folder for the database and keys; relative to this file. */
  data: z.string().min(1).default("data"),
  /** Site files to know names and plans from: paths or folders, relative to this file. */
  sites: z.array(z.string().min(1)).max(1000).default([]),
  page: z
    .strictObject({ host: z.string().default("127.0.0.1"), port: port.default(8080), tls: tls.optional() })
    .prefault({}),
  broker: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("embedded"),
        host: z.string().default("127.0.0.1"),
        port: port.default(1883),
        tls: tls.optional(),
      }),
      z.strictObject({
        kind: z.literal("external"),
        url: z.string().regex(/^mqtts?:\/\//),
        user: z.string().optional(),
        passwordFile: z.string().optional(),
        authority: z.string().optional(),
      }),
    ])
    .prefault({ kind: "embedded" }),
  /** scrypt hashes as `openkerb hub credential` prints them; needed when the broker listens beyond this machine. */
  devices: z
    .array(z.strictObject({ device: DeviceId, password: z.string().startsWith("scrypt$") }))
    .max(100_000)
    .default([]),
  people: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9.-]{1,40}$/),
        roles: z.array(Role).min(1),
        password: z.string().startsWith("scrypt$"),
      }),
    )
    .max(1000)
    .default([]),
  /** Whose laws the air and noise of the city's places are judged by. */
  air: z
    .strictObject({
      region: AirRegion.default("eu"),
      /** Hours east of UTC, the same all year: days and hours of the laws know no summer time. */
      utcOffset: z.number().min(-12).max(14).multipleOf(0.25).default(0),
      noise: z
        .strictObject({
          /** When day, evening and night begin, in whole hours of the place. */
          hours: z
            .strictObject({ day: hourOfDay.default(7), evening: hourOfDay.default(19), night: hourOfDay.default(23) })
            .prefault({}),
          /** What WHO's guideline of 2018 is taken for. */
          source: z.enum(["road", "rail", "aircraft"]).default("road"),
          /** The class of place of GB 3096. */
          place: z.enum(["0", "1", "2", "3", "4a", "4b"]).default("2"),
        })
        .prefault({}),
      /**
       * Tests of quality by metric in place of the usual ones or beside them, named and set as in ioos_qc, in the
       * metric's unit (gases in ppb or µg/m³); null leaves one out.
       */
      quality: z
        .partialRecord(Metric, z.record(z.string(), z.union([z.null(), z.record(z.string(), z.unknown())])))
        .default({}),
    })
    .prefault({}),
  keep: z
    .strictObject({
      eventDays: z.int().positive().max(3660).default(30),
      minuteDays: z.int().positive().max(36_600).default(1830),
    })
    .prefault({}),
});
export type HubConfig = z.infer<typeof HubConfig>;

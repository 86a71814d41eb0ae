import { z } from "zod";
import { CameraId, CityId, DeviceId, LineId, SensorId, SiteId, ZoneId } from "./id.ts";
import { RoadClass } from "./road-class.ts";

const name = z.string().min(1).max(80);
const share = z.number().min(0).max(1);
/** A point of the picture, as shares of its width and height from the top left corner: no resolution needed. */
const picturePoint = z.tuple([share, share]).describe("[x, y], each 0 to 1, from the top left corner");
/** A point of the plan, metres east and south of the plan's top left corner. */
const planPoint = z.tuple([z.number(), z.number()]).describe("[east, south] in metres on the plan");
const classes = z.array(RoadClass).min(1).optional().describe("only these classes; all when absent");

export const SiteLine = z.strictObject({
  id: LineId,
  name,
  from: picturePoint,
  to: picturePoint,
  classes,
  plan: z.strictObject({ from: planPoint, to: planPoint }).optional(),
});
export type SiteLine = z.infer<typeof SiteLine>;

export const SiteZone = z.strictObject({
  id: ZoneId,
  name,
  polygon: z.array(picturePoint).min(3).max(64),
  classes,
  /** Seconds a vehicle may stand here before it is reported; absent means it may stand as long as it likes. */
  stoppedAfter: z.number().positive().max(86_400).optional(),
  plan: z.array(planPoint).min(3).max(64).optional(),
});
export type SiteZone = z.infer<typeof SiteZone>;

/** Where a secret is, never the secret itself: an environment variable or a file only its owner can read. */
export const SecretSource = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Z_][A-Z0-9_]{0,63}$/) }),
  z.strictObject({ file: z.string().min(1) }),
]);
export type SecretSource = z.infer<typeof SecretSource>;

export const SiteCamera = z
  .strictObject({
    id: CameraId,
    name,
    url: z
      .string()
      .regex(/^rtsps?:\/\/[^@\s]+$/, "an rtsp:// or rtsps:// address without user and password: those go under login"),
    login: z.strictObject({ user: z.string().min(1), password: SecretSource }).optional(),
    authority: z
      .string()
      .min(1)
      .max(400)
      .optional()
      .describe("PEM file with the authority that signed an rtsps camera's certificate, relative to this file"),
    transport: z.enum(["tcp", "udp"]).default("tcp"),
    model: z.string().max(48).default("centernet6"),
    /** Size of the picture the detector sees; multiples of 32 for centernet6. */
    size: z.strictObject({ width: z.int().min(64).max(1920), height: z.int().min(64).max(1920) }).optional(),
    threshold: share.optional(),
    /** Frames a second that the detector looks at, at the most. */
    maxFps: z.number().positive().max(60).default(15),
    lines: z.array(SiteLine).max(64).default([]),
    zones: z.array(SiteZone).max(64).default([]),
    plan: z
      .strictObject({
        at: planPoint,
        heading: z.number().min(0).max(360).describe("degrees clockwise from the plan's top"),
      })
      .optional(),
  })
  .refine(({ url, authority }) => authority === undefined || url.startsWith("rtsps:"), {
    path: ["authority"],
    message: "only an rtsps:// address has a certificate",
  });
export type SiteCamera = z.infer<typeof SiteCamera>;

/** A drawing of the place for when there is no map: roads as centre lines with a width, in metres. */
export const SitePlan = z.strictObject({
  width: z.number().positive().max(5000),
  height: z.number().positive().max(5000),
  roads: z
    .array(
      z.strictObject({
        name,
        points: z.array(planPoint).min(2).max(200),
        width: z.number().positive().max(100),
        use: z.enum(["road", "cycleway", "footway", "square"]).default("road"),
      }),
    )
    .max(100),
});
export type SitePlan = z.infer<typeof SitePlan>;

const bus = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("serial"),
    path: z.string().min(1),
    baud: z.int().positive().optional(),
    format: z
      .enum(["8N1", "8E1", "8O1", "8N2", "7E1"])
      .optional()
      .describe("bits, parity and stop bits where they differ from the profile's; Modbus lines are often 8E1"),
    address: z
      .string()
      .regex(/^[0-9A-Za-z]$/, "one digit or letter")
      .optional()
      .describe("of a sensor on an SDI-12 line, 0 when left out"),
  }),
  z.strictObject({
    kind: z.literal("modbus-tcp"),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(502),
  }),
  z.strictObject({ kind: z.literal("http"), url: z.string().regex(/^https?:\/\/[^@\s]+$/, "an http:// address") }),
  z.strictObject({
    kind: z.literal("i2c"),
    bus: z.int().min(0).max(255).default(1).describe("the N of /dev/i2c-N"),
    address: z.int().min(3).max(119).optional().describe("where it differs from the profile's"),
  }),
  z.strictObject({
    kind: z.literal("mqtt"),
    url: z.string().regex(/^mqtts?:\/\/[^@\s]+$/, "an mqtt:// address without user and password: those go under login"),
    topic: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^#+]*(\/?\+\/?[^#+]*)?$/, "a topic with at most one +, which stands for the names of the values"),
    login: z.strictObject({ user: z.string().min(1), password: SecretSource }).optional(),
  }),
  z.strictObject({
    kind: z.literal("push"),
    token: SecretSource.describe("the last part of the address that the sensor sends to: 16 characters or more"),
  }),
  z.strictObject({
    kind: z.literal("microphone"),
    device: z.string().regex(/^[A-Za-z][A-Za-z0-9_:,=.-]{0,79}$/, "an ALSA device such as hw:1,0"),
    rate: z.int().min(16_000).max(192_000).default(48_000).describe("samples a second"),
    format: z.enum(["s16", "s24", "s32", "f32"]).default("s16").describe("how the sound card gives its samples"),
    channels: z.int().min(1).max(8).default(1).describe("how many the sound card gives"),
    channel: z.int().min(1).max(8).default(1).describe("which of them is the microphone"),
    calibration: z
      .strictObject({
        fullScale: z.number().positive().max(1e6).describe("Pa, as openkerb noise calibrate prints it"),
        date: z.iso.date(),
        calibrator: z.string().min(1).max(80),
      })
      .optional()
      .describe("without it every level is suspect"),
    thirdOctaves: z
      .boolean()
      .default(false)
      .describe("also the level of each third-octave band from 25 Hz to 10 kHz, of whole minutes"),
  }),
]);

/** From the paper that comes with each Alphasense sensor: zero voltages in V, sensitivity in V per ppb. */
export const SensorCertificate = z.strictObject({
  workingElectronic: z.number(),
  workingZero: z.number(),
  auxiliaryElectronic: z.number(),
  auxiliaryZero: z.number(),
  sensitivity: z.number().refine((v) => v !== 0, "a sensitivity of 0 measures nothing"),
  /** Of the board's thermometer: volts at 20 °C, and volts more per degree. */
  thermometer: z.strictObject({ at20: z.number(), perDegree: z.number().positive() }).optional(),
});

/** A sensor of air, weather or noise: which profile it speaks by, and how it is wired to the box. */
export const SiteSensor = z.strictObject({
  id: SensorId,
  name,
  profile: z.string().regex(/^[a-z0-9-]{1,48}$/, "the name of a device profile"),
  bus,
  /** Address on a Modbus line, where it differs from the profile's. */
  unit: z.int().min(1).max(247).optional(),
  certificate: SensorCertificate.optional().describe("of this very Alphasense sensor, in place of the profile's"),
  /** Seconds from one value to the next; a minute counts as complete when three quarters of such steps have a value. */
  interval: z.number().min(1).max(60).default(10),
});
export type SiteSensor = z.infer<typeof SiteSensor>;

const oneOfEach = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;

/** One place with one box: the whole of what a technician writes, in YAML or JSON. */
export const Site = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1),
  city: CityId,
  site: SiteId,
  name,
  device: DeviceId,
  position: z
    .strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  plan: SitePlan.optional(),
  /** What residents are told on the open page. */
  open: z
    .strictObject({
      purpose: z.string().min(1).max(400),
      operator: name,
      contact: z.string().min(1).max(200),
      keptDays: z.int().positive().max(3660),
    })
    .optional(),
  cameras: z
    .array(SiteCamera)
    .max(16)
    .default([])
    .refine((all) => oneOfEach(all.map((c) => c.id)), "two cameras have the same id")
    .refine((all) => oneOfEach(all.flatMap((c) => c.lines.map((l) => l.id))), "two lines of the site have the same id")
    .refine((all) => oneOfEach(all.flatMap((c) => c.zones.map((z) => z.id))), "two zones of the site have the same id"),
  sensors: z
    .array(SiteSensor)
    .max(32)
    .refine((all) => oneOfEach(all.map((s) => s.id)), "two sensors have the same id")
    .optional(),
  /** Where the box listens for sensors that send by themselves (bus push); only this machine unless told otherwise. */
  intake: z
    .strictObject({ host: z.string().min(1).default("127.0.0.1"), port: z.int().min(0).max(65_535).default(8091) })
    .optional(),
});
export type Site = z.infer<typeof Site>;

/** The JSON Schema of a site file, for editors. */
export const siteSchema = (): object => ({
  title: "OpenKerb site file",
  ...z.toJSONSchema(Site, { io: "input", target: "draft-7" }),
});

import { z } from "zod";
import { Metric, ReferenceState } from "./reading.ts";
import { SensorCertificate } from "./site.ts";

const hex = z.string().regex(/^([0-9a-f]{2})+$/i, "pairs of hex digits");
const name = z.string().regex(/^[A-Za-z0-9_]{1,32}$/);
/** What the device can measure; a value outside it is kept as bad (4). */
const range = z.tuple([z.number(), z.number()]).optional();

/** How a number lies in the bytes; `hhmm` is a 16-bit little-endian clock time such as 1923 for 19:23, none when it is no time. */
export const FieldType = z.enum([
  "u8",
  "i8",
  "u16be",
  "i16be",
  "u16le",
  "i16le",
  "u24be",
  "u32be",
  "i32be",
  "u32le",
  "f32be",
  "f32le",
  "hhmm",
]);
export type FieldType = z.infer<typeof FieldType>;

/** What one number of a device means. The value is (raw & mask >> shift) · times / divide + plus, rounded to `places`. */
export const DeviceField = z.strictObject({
  name,
  meaning: z.string().max(120).optional(),
  /** The quantity it is passed on as; a field without one is shown but makes no reading. */
  metric: Metric.optional(),
  unit: z.string().max(16),
  reference: ReferenceState.optional(),
  /** Byte offset, register number, or place in a line of text. */
  at: z.int().nonnegative(),
  type: FieldType,
  mask: z.int().positive().optional(),
  shift: z.int().nonnegative().optional(),
  times: z.number().optional(),
  divide: z.number().optional(),
  plus: z.number().optional(),
  places: z.int().min(0).max(9).optional(),
  /** Raw numbers by which the device says that it has no value (a dashed value). */
  absent: z.array(z.int()).optional(),
  range,
});
export type DeviceField = z.infer<typeof DeviceField>;

const fields = z.array(DeviceField).min(1);

export const FrameChecksum = z.strictObject({
  /** sum8/sum16be add up, twos8 is the sum's complement, crc16-ccitt is the CRC with polynomial 1021 and start 0. */
  kind: z.enum(["sum8", "sum16be", "twos8", "crc16-ccitt"]),
  from: z.int().nonnegative(),
  /** First byte that no longer counts; the checksum itself lies at `at`. */
  to: z.int().positive(),
  at: z.int().nonnegative(),
});

/** How the bytes of a device become fields. */
export const DeviceCodec = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("frame"),
    header: hex,
    length: z.int().positive(),
    trailer: hex.optional(),
    /** Bytes elsewhere that tell this kind of frame from others of the same header and length. */
    mark: z.strictObject({ at: z.int().nonnegative(), bytes: hex }).optional(),
    checksum: FrameChecksum,
    /** Bytes that are all zero while the sensor warms up. */
    warming: z.strictObject({ from: z.int(), to: z.int() }).optional(),
    /** Fields that contradict each other: the first is zero although the second is not. */
    contradiction: z.strictObject({ zero: name, above: name }).optional(),
    fields,
  }),
  z.strictObject({ kind: z.literal("shdlc"), command: z.int().min(0).max(255), fields }),
  z.strictObject({ kind: z.literal("words"), fields }),
  z.strictObject({
    kind: z.literal("modbus"),
    unit: z.int().min(1).max(247),
    function: z.union([z.literal(3), z.literal(4)]),
    start: z.int().min(0).max(65_535),
    count: z.int().min(1).max(125),
    fields,
  }),
  z.strictObject({ kind: z.literal("sdi12"), fields }),
  /** Its constants and the formula that needs them are in the code; by metric, what it can measure. */
  z.strictObject({
    kind: z.literal("bme280"),
    ranges: z.partialRecord(Metric, z.tuple([z.number(), z.number()])).default({}),
  }),
  z.strictObject({ kind: z.literal("winsen-gas"), gases: z.record(z.string(), Metric), reference: ReferenceState }),
  z.strictObject({
    kind: z.literal("alphasense"),
    metric: Metric,
    algorithm: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    /** The algorithm's factor at -30, -20 … 50 °C (AAN 803). */
    factors: z.array(z.number()).length(9),
    /** Volts of one step of the converter. */
    step: z.number().positive(),
    certificate: SensorCertificate,
    /** ppb that the cell can measure. */
    range,
    reference: ReferenceState,
  }),
  z.strictObject({
    kind: z.literal("json"),
    fields: z
      .array(
        z.strictObject({
          name,
          metric: Metric.optional(),
          unit: z.string().max(16),
          /** Keys to follow; `*=text` picks the list entry with that `value_type`. */
          path: z.array(z.string()).min(1),
          times: z.number().optional(),
          divide: z.number().optional(),
          plus: z.number().optional(),
          range,
          /** The field counts only when that other one says so (a temperature in Fahrenheit is none in Celsius). */
          only: z.strictObject({ path: z.array(z.string()).min(1), is: z.string() }).optional(),
        }),
      )
      .min(1),
  }),
  /** A microphone: what leaves the box of it are levels of a minute. */
  z.strictObject({ kind: z.literal("sound"), range }),
]);
export type DeviceCodec = z.infer<typeof DeviceCodec>;

const input = { hex: hex.optional(), text: z.string().optional() };

/** One model of sensor: how it is wired, how it speaks, what it needs, and captured samples that prove the profile. */
export const DeviceProfile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,48}$/),
  version: z.int().positive(),
  title: z.string(),
  models: z.array(z.string()).min(1),
  bus: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("uart"),
      baud: z.int().positive(),
      format: z.enum(["8N1", "7E1"]).default("8N1"),
      volts: z.number().optional(),
    }),
    z.strictObject({
      kind: z.literal("i2c"),
      address: z.int().min(3).max(119),
      /** Milliseconds that the chip needs after a command of that name. */
      waits: z.record(z.string(), z.number().nonnegative()).default({}),
    }),
    z.strictObject({ kind: z.literal("microphone") }),
    z.strictObject({
      kind: z.literal("modbus"),
      over: z.array(z.enum(["rtu", "tcp"])).min(1),
      baud: z.int().optional(),
    }),
    z.strictObject({ kind: z.literal("sdi12") }),
    z.strictObject({ kind: z.literal("network"), over: z.array(z.enum(["http", "mqtt", "push"])).min(1) }),
  ]),
  /** Bytes to send, by what they do. */
  commands: z.record(z.string(), hex).default({}),
  /** Seconds after power on before a value counts. */
  warmUp: z.number().nonnegative(),
  maintenance: z.string().optional(),
  notes: z.string().optional(),
  codec: DeviceCodec,
  samples: z
    .array(
      z.strictObject({
        source: z.string(),
        ...input,
        means: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
      }),
    )
    .min(1),
  /** What must not be taken for a measurement. */
  refuses: z.array(z.strictObject({ ...input, why: z.string() })).default([]),
});
export type DeviceProfile = z.infer<typeof DeviceProfile>;

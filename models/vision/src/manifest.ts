import { z } from "zod";
import { DecoderFamily } from "./decoder-family.ts";
import { Fit } from "./fit.ts";
import { usualInput } from "./usual-input.ts";

export const ModelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,47}$/, "use 1 to 48 of a-z, 0-9, dot, _ and -, starting with a letter or digit");

const three = z.tuple([z.number(), z.number(), z.number()]);
const side = z.int().min(32).max(4096);

/** What a network wants to see. A pixel value p of 0 to 255 enters as (p - mean) * factor, channel by channel. */
const ModelInput = z.strictObject({
  layout: z.enum(["nchw", "nhwc"]),
  type: z.enum(["float32", "float16", "uint8"]),
  channels: z.enum(["rgb", "bgr"]),
  mean: three,
  factor: three,
  /** One size only, or any whose sides are multiples of a step. */
  size: z.union([z.strictObject({ width: side, height: side }), z.strictObject({ step: z.int().min(1).max(256) })]),
});
export type ModelInput = Manifest["input"];

const WrittenManifest = z.strictObject({
  version: z.literal(1),
  name: ModelName,
  /** SHA-256 of the .onnx file beside this manifest. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.string().min(1).max(400),
  licence: z.string().min(1).max(400),
  decoder: DecoderFamily,
  /** What each class output stands for, in the network's order; classes that are not on a street are ignored. */
  classes: z.array(z.string().max(80)).min(1).max(2000),
  /** A manifest that says nothing of the fit means its family's usual one. */
  input: ModelInput.extend({ fit: Fit.optional() }),
  /** Detections with a lower score are left out when nobody asks for another threshold. */
  threshold: z.number().min(0).max(1),
  /** Of two boxes of a class that overlap more than this (intersection over union), the weaker one goes. */
  overlap: z.number().min(0).max(1),
});

/** What stands beside every network file: where it comes from, what it wants, how its answer is read. */
export const Manifest = WrittenManifest.transform(({ input, ...rest }) => ({
  ...rest,
  input: { ...input, fit: input.fit ?? usualInput[rest.decoder].fit },
}));
export type Manifest = z.infer<typeof Manifest>;

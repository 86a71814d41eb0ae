import { z } from "zod";

/** How a network's raw outputs are to be read. */
export const decoderFamilies = [
  "centernet",
  "ssd",
  "ssd-nms",
  "yolox",
  "yolov5",
  "yolov8",
  "yolo-nms",
  "rt-detr",
  "rf-detr",
  "nanodet",
  "nanodet-plus",
  "fastestdet",
] as const;
export const DecoderFamily = z.enum(decoderFamilies);
export type DecoderFamily = z.infer<typeof DecoderFamily>;

import type { DecoderFamily } from "../decoder-family.ts";
import { centernet } from "./centernet.ts";
import type { Decoder } from "./decoder.ts";
import { fastestdet } from "./fastestdet.ts";
import { nanodet } from "./nanodet.ts";
import { nanodetPlus } from "./nanodet-plus.ts";
import { rfDetr } from "./rf-detr.ts";
import { rtDetr } from "./rt-detr.ts";
import { ssd } from "./ssd.ts";
import { ssdNms } from "./ssd-nms.ts";
import { yoloNms } from "./yolo-nms.ts";
import { yolov5 } from "./yolov5.ts";
import { yolov8 } from "./yolov8.ts";
import { yolox } from "./yolox.ts";

/** Who reads the outputs of which family. */
export const decoders: Readonly<Record<DecoderFamily, Decoder>> = {
  centernet,
  ssd,
  "ssd-nms": ssdNms,
  yolox,
  yolov5,
  yolov8,
  "yolo-nms": yoloNms,
  "rt-detr": rtDetr,
  "rf-detr": rfDetr,
  nanodet,
  "nanodet-plus": nanodetPlus,
  fastestdet,
};

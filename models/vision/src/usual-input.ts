import type { DecoderFamily } from "./decoder-family.ts";
import type { Fit } from "./fit.ts";

type Three = readonly [number, number, number];

/** What the networks of a family are shown: a pixel value p of 0 to 255 enters as (p - mean) * factor, red first. */
type UsualInput = {
  readonly fit: Fit;
  readonly channels: "rgb" | "bgr";
  readonly mean: Three;
  readonly factor: Three;
};

const same = (value: number): Three => [value, value, value];
/** 0 to 255 as it is, 0 to 1, and the mean and deviation of ImageNet. */
const bytes = { mean: same(0), factor: same(1) } as const;
const unit = { mean: same(0), factor: same(1 / 255) } as const;
const imagenet = { mean: [123.675, 116.28, 103.53], factor: [1 / 58.395, 1 / 57.12, 1 / 57.375] } as const;

/** What Ultralytics' predictors do: `LetterBox` centred on grey 114, BGR turned to RGB, divided by 255. */
const ultralytics = { fit: "centre-grey", channels: "rgb", ...unit } as const;

/** What each family was trained to see, from its authors' own inference code; a manifest may say otherwise. */
export const usualInput: Readonly<Record<DecoderFamily, UsualInput>> = {
  /** 610265158/mobilenetv3_centernet, lib/core/api/face_detector.py: RGB as bytes, kept whole in the middle of black. */
  centernet: { fit: "centre-black", channels: "rgb", ...bytes },
  /** TensorFlow's detection API: `fixed_shape_resizer` takes no notice of the aspect; the extractors want -1 to 1. */
  ssd: { fit: "stretch", channels: "rgb", mean: same(127.5), factor: same(1 / 127.5) },
  /** The same with its preprocessing in the graph, so that it takes bytes. */
  "ssd-nms": { fit: "stretch", channels: "rgb", ...bytes },
  /** YOLOX since 0.1.1, `preproc` in yolox/data/data_augment.py: BGR bytes in the corner of grey 114, no division. */
  yolox: { fit: "corner-grey", channels: "bgr", ...bytes },
  yolov5: ultralytics,
  yolov8: ultralytics,
  "yolo-nms": ultralytics,
  /** lyuwenyu/RT-DETR, references/deploy: `Resize` to the square, `ToTensor`, no mean. D-FINE and DEIM do the same. */
  "rt-detr": { fit: "stretch", channels: "rgb", ...unit },
  /** roboflow/rf-detr: a plain resize to the square, 0 to 1, then ImageNet's mean and deviation. */
  "rf-detr": { fit: "stretch", channels: "rgb", ...imagenet },
  /**
   * RangiLyu/nanodet, config/legacy_v0.x_configs: `keep_ratio: True`, warped to the middle of black; OpenCV's BGR with
   * ImageNet's mean and deviation.
   */
  nanodet: { fit: "centre-black", channels: "bgr", ...imagenet },
  /** The same repository, config/nanodet-plus-*.yml: `keep_ratio: False`. */
  "nanodet-plus": { fit: "stretch", channels: "bgr", ...imagenet },
  /** dog-qiuqiu/FastestDet, test.py: `cv2.resize` to the input, BGR divided by 255. */
  fastestdet: { fit: "stretch", channels: "bgr", ...unit },
};

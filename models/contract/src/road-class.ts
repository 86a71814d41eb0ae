import { z } from "zod";

/** What the detectors tell apart: the six classes of COCO that belong on a street, in COCO's order. */
export const roadClasses = ["person", "bicycle", "car", "motorcycle", "bus", "truck"] as const;
export const RoadClass = z.enum(roadClasses);
export type RoadClass = z.infer<typeof RoadClass>;

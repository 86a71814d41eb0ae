import { RoadClass, roadClasses } from "@openkerb/contract";

/** The 80 classes of COCO in the order of nearly every network trained on it. */
export const coco80: readonly string[] = (
  "person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter," +
  "bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee," +
  "skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass," +
  "cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch," +
  "potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink," +
  "refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush"
).split(",");

/** The numbers of COCO's own annotation files that no class has. Networks with 90 or 91 outputs leave holes there. */
const holes = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/** COCO by its own numbers, 0 (nothing) to 90: what networks with 91 outputs answer in. */
export const coco91: readonly string[] = (() => {
  const names = coco80.values();
  return Array.from({ length: 91 }, (_, id) => (id === 0 || holes.has(id) ? "" : names.next().value!));
})();

/** The class lists that a manifest may name instead of spelling them out. */
export const classLists: Readonly<Record<string, readonly string[]>> = {
  road: roadClasses,
  coco80,
  coco90: coco91.slice(1),
  coco91,
};

const otherNames: Readonly<Record<string, RoadClass>> = {
  pedestrian: "person",
  people: "person",
  human: "person",
  bike: "bicycle",
  cyclist: "bicycle",
  motorbike: "motorcycle",
  lorry: "truck",
};

/** The road class that a network's class stands for, or nothing when streets are not about it. */
export function roadClassOf(name: string): RoadClass | undefined {
  const known = RoadClass.safeParse(name.trim().toLowerCase());
  return known.success ? known.data : otherNames[name.trim().toLowerCase()];
}

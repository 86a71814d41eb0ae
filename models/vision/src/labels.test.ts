import { describe, expect, it } from "vitest";
import { classLists, coco80, coco91, roadClassOf } from "./labels.ts";

describe("class lists", () => {
  it("put COCO's classes where its own numbers say", () => {
    // From COCO's annotation files: 1 person, 3 car, 8 truck, 13 stop sign, 84 book, 90 toothbrush.
    expect([1, 3, 8, 13, 84, 90].map((id) => coco91[id])).toEqual([
      "person",
      "car",
      "truck",
      "stop sign",
      "book",
      "toothbrush",
    ]);
    expect(coco91.filter((name) => name !== "")).toEqual(coco80);
    expect(classLists.coco90).toHaveLength(90);
  });

  it.each([
    ["Person", "person"],
    ["motorbike", "motorcycle"],
    [" car ", "car"],
    ["traffic light", undefined],
    ["", undefined],
  ])("know that “%s” is %s on a street", (name, road) => expect(roadClassOf(name)).toBe(road));
});

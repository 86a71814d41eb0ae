import { describe, expect, it } from "vitest";
import type { Candidate } from "../nms.ts";
import type { Output } from "./decoder.ts";
import { decoders } from "./decoders.ts";
import { cellAt, cellCount } from "./grid.ts";

const input = { width: 64, height: 32 };
const classes = 2;
const reading = { input, classes, threshold: 0.3 };
const zeros = (...dims: number[]): Output => ({ dims, data: new Float32Array(dims.reduce((a, b) => a * b, 1)) });

/** Writes values into a tensor at an index per dimension. */
function put(output: Output, index: readonly number[], value: number): void {
  output.data[index.reduce((at, i, axis) => at * output.dims[axis]! + i, 0)] = value;
}

const rounded = (found: readonly Candidate[]): object[] =>
  found.map(({ kind, score, left, top, right, bottom }) => ({
    kind,
    score: Number(score.toFixed(3)),
    // Plus 0, because a tiny negative number rounds to -0.
    box: [left, top, right, bottom].map((side) => Number(side.toFixed(3)) + 0),
  }));

describe("grids", () => {
  it("count cells level by level and row by row", () => {
    // 64×32: 8×4 cells of stride 8, then 4×2 of 16, then 2×1 of 32.
    expect(cellCount(input, [8, 16, 32])).toBe(42);
    expect(cellAt(9, input, [8, 16, 32])).toEqual({ x: 1, y: 1, stride: 8 });
    expect(cellAt(32, input, [8, 16, 32])).toEqual({ x: 0, y: 0, stride: 16 });
    expect(cellAt(41, input, [8, 16, 32])).toEqual({ x: 1, y: 0, stride: 32 });
    expect(() => cellAt(42, input, [8, 16, 32])).toThrow(RangeError);
  });
});

describe("centernet", () => {
  const heat = zeros(1, classes, 8, 16);
  const sides = zeros(1, 4, 8, 16);
  put(heat, [0, 1, 3, 5], 0.75);
  put(heat, [0, 1, 3, 6], 0.7); // beside a higher one: no peak
  put(heat, [0, 0, 3, 5], 0.5); // another class at the same place
  put(heat, [0, 0, 7, 15], 0.25); // below the threshold
  put(heat, [0, 0, 0, 0], 0.5); // in the corner, with fewer neighbours
  for (const [side, value] of [2, 3, 4, 5].entries()) put(sides, [0, side, 3, 5], value);

  it("takes the cells that no neighbour exceeds and their distances to the sides", () =>
    expect(rounded(decoders.centernet.read([heat, sides], reading))).toEqual([
      { kind: 0, score: 0.5, box: [0, 0, 0, 0] },
      { kind: 0, score: 0.5, box: [18, 9, 24, 17] },
      { kind: 1, score: 0.75, box: [18, 9, 24, 17] },
    ]));

  it("takes both cells of an even peak, and leaves it to suppression to choose", () => {
    const even = zeros(1, classes, 8, 16);
    put(even, [0, 0, 4, 4], 0.5);
    put(even, [0, 0, 4, 5], 0.5);
    expect(decoders.centernet.read([even, zeros(1, 4, 8, 16)], reading)).toHaveLength(2);
    expect(decoders.centernet.suppress).toBe(true);
  });
});

describe("ssd", () => {
  it("scales shares of top, left, bottom, right to the input", () => {
    const scores = zeros(1, 3, classes);
    const boxes = zeros(1, 3, 1, 4);
    put(scores, [0, 2, 1], 0.5);
    for (const [i, share] of [0.25, 0.5, 0.75, 1].entries()) put(boxes, [0, 2, 0, i], share);
    expect(rounded(decoders.ssd.read([scores, boxes], reading))).toEqual([
      { kind: 1, score: 0.5, box: [32, 8, 64, 24] },
    ]);
  });
});

describe("yolox", () => {
  it("adds the cell, takes the exponent of the size, and multiplies objectness and class", () => {
    const output = zeros(1, 42, 7);
    // Cell 33 is x 1, y 0 of stride 16.
    for (const [i, value] of [0.5, 0.25, Math.log(2), 0, 0.8, 0.1, 0.5].entries()) put(output, [0, 33, i], value);
    expect(rounded(decoders.yolox.read([output], reading))).toEqual([{ kind: 1, score: 0.4, box: [8, -4, 40, 12] }]);
  });
});

describe("yolox exported with its boxes decoded", () => {
  it("is read as pixels, not as offsets from cells", () => {
    const output = zeros(1, 42, 7);
    for (let cell = 0; cell < 42; cell++) put(output, [0, cell, 0], (cell % 8) * 8 + 4);
    for (const [i, value] of [24, 4, 32, 16, 0.8, 0.1, 0.5].entries()) put(output, [0, 33, i], value);
    expect(rounded(decoders.yolox.read([output], reading))).toEqual([{ kind: 1, score: 0.4, box: [8, -4, 40, 12] }]);
  });
});

describe("yolov5", () => {
  it("reads centre and size in pixels, objectness times class", () => {
    const output = zeros(1, 126, 7);
    for (const [i, value] of [30, 20, 10, 8, 0.9, 0.5, 0.2].entries()) put(output, [0, 100, i], value);
    expect(rounded(decoders.yolov5.read([output], reading))).toEqual([{ kind: 0, score: 0.45, box: [25, 16, 35, 24] }]);
  });
});

describe("yolov8", () => {
  it("reads columns of centre, size and class scores", () => {
    const output = zeros(1, 6, 42);
    for (const [i, value] of [30, 20, 10, 8, 0, 0.6].entries()) put(output, [0, i, 17], value);
    expect(rounded(decoders.yolov8.read([output], reading))).toEqual([{ kind: 1, score: 0.6, box: [25, 16, 35, 24] }]);
  });
});

describe("yolo-nms", () => {
  it("reads corners, score and class, and leaves unknown classes and empty rows out", () => {
    const output = zeros(1, 3, 6);
    for (const [i, value] of [1, 2, 3, 4, 0.9, 1].entries()) put(output, [0, 0, i], value);
    for (const [i, value] of [1, 2, 3, 4, 0.9, 7].entries()) put(output, [0, 1, i], value);
    expect(rounded(decoders["yolo-nms"].read([output], reading))).toEqual([{ kind: 1, score: 0.9, box: [1, 2, 3, 4] }]);
  });
});

describe("rf-detr", () => {
  it("takes the sigmoid of logits and scales shares to the input", () => {
    const boxes = zeros(1, 5, 4);
    const logits: Output = { dims: [1, 5, classes], data: new Float32Array(10).fill(-10) };
    for (const [i, share] of [0.5, 0.5, 0.25, 0.5].entries()) put(boxes, [0, 3, i], share);
    put(logits, [0, 3, 0], Math.log(3)); // sigmoid(ln 3) = 3/4
    expect(rounded(decoders["rf-detr"].read([boxes, logits], reading))).toEqual([
      { kind: 0, score: 0.75, box: [24, 8, 40, 24] },
    ]);
  });
});

describe("a DETR of four classes", () => {
  it("is read rightly though its boxes and logits have one shape, whichever comes first", () => {
    const boxes: Output = { dims: [1, 2, 4], data: Float32Array.of(0.5, 0.5, 0.25, 0.5, 0, 0, 0, 0) };
    const logits: Output = { dims: [1, 2, 4], data: Float32Array.of(-9, -9, Math.log(3), -9, -9, -9, -9, -9) };
    const four = { ...reading, classes: 4 };
    for (const family of ["rf-detr", "rt-detr"] as const)
      for (const outputs of [
        [boxes, logits],
        [logits, boxes],
      ])
        expect(rounded(decoders[family].read(outputs, four))).toEqual([{ kind: 2, score: 0.75, box: [24, 8, 40, 24] }]);
  });
});

describe("rt-detr", () => {
  it("reads labels, boxes in pixels and scores, whichever of the two lists comes first", () => {
    const boxes: Output = { dims: [1, 2, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
    const labels: Output = { dims: [1, 2], data: Float32Array.of(1, 0) };
    const scores: Output = { dims: [1, 2], data: Float32Array.of(0.9, 0.2) };
    const expected = [{ kind: 1, score: 0.9, box: [1, 2, 3, 4] }];
    expect(rounded(decoders["rt-detr"].read([boxes, labels, scores], reading))).toEqual(expected);
    expect(rounded(decoders["rt-detr"].read([boxes, scores, labels], reading))).toEqual(expected);
  });

  it("reads one joined output of shares and scores", () => {
    const output = zeros(1, 2, 6);
    for (const [i, value] of [0.5, 0.5, 0.25, 0.5, 0.1, 0.8].entries()) put(output, [0, 1, i], value);
    expect(rounded(decoders["rt-detr"].read([output], reading))).toEqual([
      { kind: 1, score: 0.8, box: [24, 8, 40, 24] },
    ]);
  });
});

describe("ssd-nms", () => {
  const labels: Output = { dims: [1, 3], data: Float32Array.of(1, 1, 1) };
  const scores: Output = { dims: [1, 3], data: Float32Array.of(0.9, 0.8, 0.7) };

  it("reads TensorFlow's top, left, bottom, right, and only as many as are valid", () => {
    const boxes: Output = { dims: [1, 3, 4], data: Float32Array.of(0.25, 0.5, 0.75, 1, 0, 0, 1, 1, 0, 0, 1, 1) };
    const count: Output = { dims: [1], data: Float32Array.of(1) };
    expect(rounded(decoders["ssd-nms"].read([boxes, labels, scores, count], reading))).toEqual([
      { kind: 1, score: 0.9, box: [32, 8, 64, 24] },
    ]);
  });

  it("finds boxes, classes and scores among the eight outputs of TensorFlow 2", () => {
    const boxes: Output = { dims: [1, 3, 4], data: Float32Array.of(0.25, 0.5, 0.75, 1, 0, 0, 1, 1, 0, 0, 1, 1) };
    const anchors: Output = { dims: [1, 3], data: Float32Array.of(1200, 7, 0) };
    const outputs = [zeros(1, 99, 4), anchors, boxes, labels, zeros(1, 3, 2), scores, { ...zeros(1), dims: [1] }];
    outputs[6]!.data[0] = 1;
    const places = decoders["ssd-nms"].match(
      outputs.map(({ dims }) => dims),
      reading,
    );
    const ordered = places!.map((at) => outputs[at]!);
    expect(rounded(decoders["ssd-nms"].read(ordered, reading))).toEqual([
      { kind: 1, score: 0.9, box: [32, 8, 64, 24] },
    ]);
  });

  it("reads left, top, right, bottom in pixels where no count is given", () => {
    const boxes: Output = { dims: [1, 3, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };
    const found = rounded(decoders["ssd-nms"].read([boxes, scores, labels], reading));
    expect(found[0]).toEqual({ kind: 1, score: 0.9, box: [1, 2, 3, 4] });
    expect(found).toHaveLength(3);
  });
});

/** Bins whose softmax is nearly all on one: the expected distance is that bin's number. */
const sure = (output: Output, index: readonly number[], at: number, distance: number): void =>
  put(output, [...index, at + distance], 50);

describe("nanodet", () => {
  it("measures from the cell's middle, in cells of its own level", () => {
    const outputs = [32, 8, 2].flatMap((cells) => [zeros(1, cells, classes), zeros(1, cells, 32)]);
    // Level of stride 16, cell 5: x 1, y 1, middle (24, 24).
    put(outputs[2]!, [0, 5, 1], 0.6);
    for (const [side, distance] of [1, 0, 2, 3].entries()) sure(outputs[3]!, [0, 5], side * 8, distance);
    expect(rounded(decoders.nanodet.read(outputs, reading))).toEqual([{ kind: 1, score: 0.6, box: [8, 24, 56, 72] }]);
  });
});

describe("nanodet as newer exports join it", () => {
  it("is the same in one table", () => {
    const joined = zeros(1, 42, classes + 44);
    // Cell 37 is x 1, y 1 of stride 16: 32 cells of stride 8 and 5 of its own level stand before it.
    put(joined, [0, 37, 1], 0.6);
    for (const [side, distance] of [1, 0, 2, 3].entries()) sure(joined, [0, 37], classes + side * 11, distance);
    expect(decoders.nanodet.match([joined.dims], reading)).toEqual([0]);
    expect(rounded(decoders.nanodet.read([joined], reading))).toEqual([{ kind: 1, score: 0.6, box: [8, 24, 56, 72] }]);
  });
});

describe("nanodet-plus", () => {
  it("measures from the cell's corner, and takes the mean of a distribution", () => {
    const output = zeros(1, 43, 34);
    // Cell 33 is x 1, y 0 of stride 16. Even odds for all eight bins have the mean 3.5.
    put(output, [0, 33, 0], 0.5);
    for (const [side, distance] of [1, 0, 2].entries()) sure(output, [0, 33], 2 + side * 8, distance);
    expect(rounded(decoders["nanodet-plus"].read([output], reading))).toEqual([
      { kind: 0, score: 0.5, box: [0, 0, 48, 56] },
    ]);
  });
});

describe("fastestdet", () => {
  it("weighs objectness and class, and squeezes offset and size", () => {
    const output = zeros(1, 7, 2, 4);
    // Cell x 2, y 1; all else zero: tanh 0 = 0, sigmoid 0 = 1/2.
    put(output, [0, 0, 1, 2], 0.5);
    put(output, [0, 6, 1, 2], 0.5);
    expect(rounded(decoders.fastestdet.read([output], reading))).toEqual([
      { kind: 1, score: 0.5, box: [16, 8, 48, 24] },
    ]);
  });
});

describe("matching by shape", () => {
  const shapes = {
    centernet: [
      [1, 4, 8, 16],
      [1, 2, 8, 16],
    ],
    ssd: [
      [1, 99, 1, 4],
      [1, 99, 2],
    ],
    "ssd-nms": [[1, 100, 4], [1, 100], [1, 100], [1]],
    yolox: [[1, 42, 7]],
    yolov5: [[1, 126, 7]],
    yolov8: [[1, 6, 42]],
    "yolo-nms": [[1, 300, 6]],
    "rt-detr": [
      [1, 300],
      [1, 300, 4],
      [1, 300],
    ],
    "rf-detr": [
      [1, 300, 4],
      [1, 300, 2],
    ],
    nanodet: [
      [1, 32, 2],
      [1, 8, 2],
      [1, 2, 2],
      [1, 32, 32],
      [1, 8, 32],
      [1, 2, 32],
    ],
    "nanodet-plus": [[1, 43, 34]],
    fastestdet: [[1, 7, 2, 4]],
  } as const;

  it.each(Object.entries(shapes))("%s knows its own", (family, own) => {
    expect(decoders[family as keyof typeof shapes].match(own, { input, classes })).toBeDefined();
  });

  it("puts outputs into the order in which they are read, whatever order they come in", () => {
    expect(decoders.centernet.match(shapes.centernet, { input, classes })).toEqual([1, 0]);
    expect(decoders.nanodet.match(shapes.nanodet, { input, classes })).toEqual([0, 3, 1, 4, 2, 5]);
    expect(decoders["rt-detr"].match(shapes["rt-detr"], { input, classes })).toEqual([1, 0, 2]);
  });

  it.each(["yolox", "yolov5", "yolov8", "nanodet", "nanodet-plus", "fastestdet", "centernet", "ssd"] as const)(
    "%s takes nobody else's",
    (family) => {
      for (const [other, outputs] of Object.entries(shapes))
        if (other !== family) expect(decoders[family].match(outputs, { input, classes })).toBeUndefined();
    },
  );
});

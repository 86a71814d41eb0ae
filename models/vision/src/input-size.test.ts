import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { viewFor } from "./input-size.ts";

const anySize = { input: { size: { step: 32 } } } as never;

describe("the input size for a picture", () => {
  it.each([
    [1920, 1080, 640, 352],
    [1280, 720, 640, 352],
    [768, 576, 544, 416],
    [640, 480, 544, 416],
    [352, 288, 352, 288],
    [720, 1280, 352, 640],
  ])("of %i×%i is %i×%i", (width, height, w, h) =>
    expect(viewFor({ width, height }, anySize)).toEqual({ width: w, height: h }),
  );

  it("is the network's own when it has only one", () => {
    const one = { input: { size: { width: 300, height: 300 } } } as never;
    expect(viewFor({ width: 1920, height: 1080 }, one)).toEqual({ width: 300, height: 300 });
  });

  it("is the one that was asked for, and always comes with the network's own fit", () => {
    const stretching = { input: { size: { step: 32 }, fit: "stretch" } } as never;
    const asked = { width: 320, height: 320 };
    expect(viewFor({ width: 640, height: 480 }, stretching, asked)).toEqual({ ...asked, fit: "stretch" });
    expect(viewFor({ width: 640, height: 480 }, stretching)).toMatchObject({ fit: "stretch" });
  });

  it("is in steps and wastes at most a fifth on black bars, whatever the picture", () =>
    fc.assert(
      fc.property(fc.integer({ min: 240, max: 4000 }), fc.integer({ min: 240, max: 4000 }), (width, height) => {
        fc.pre(width / height < 3 && height / width < 3);
        const size = viewFor({ width, height }, anySize);
        expect([size.width % 32, size.height % 32]).toEqual([0, 0]);
        const fit = Math.min(size.width / width, size.height / height);
        expect((width * fit * height * fit) / (size.width * size.height)).toBeGreaterThan(0.8);
      }),
    ));
});

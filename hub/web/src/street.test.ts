import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crossed } from "./crossed-fixture.ts";
import { makeStreet } from "./street.ts";

const minute = 60_000;
const start = 1_700_000_000_000 - (1_700_000_000_000 % minute);

describe("the street as this page has heard it", () => {
  it("counts each step once, however often and in whatever order it is told", () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 100 }), (told) => {
        const street = makeStreet();
        for (const id of told) street.take(crossed(id, start + id * 1000));
        expect(street.crossings("kerb" as never, "person", "in", start)).toBe(new Set(told).size);
        expect(street.recent().map((c) => c.id)).toEqual([...new Set(told)].sort((a, b) => b - a).slice(0, 40));
      }),
    ));

  it("remembers the newest step of a line, not the last one told", () => {
    const street = makeStreet();
    street.take(crossed(1, start + 9000));
    street.take(crossed(2, start + 1000, { class: "bus" }));
    expect(street.last("kerb" as never)?.class).toBe("person");
  });

  it("keeps directions, classes and minutes apart", () => {
    const street = makeStreet();
    street.take(crossed(1, start));
    street.take(crossed(2, start, { direction: "out" }));
    street.take(crossed(3, start, { class: "car" }));
    street.take(crossed(4, start + minute));
    expect(street.crossings("kerb" as never, "person", "in", start)).toBe(1);
    expect(street.crossings("kerb" as never, "person", "out", start)).toBe(1);
    expect(street.crossings("kerb" as never, "car", "in", start)).toBe(1);
    expect(street.heard(start + minute)).toEqual([{ line: "kerb", class: "person", minutes: [start + minute] }]);
  });

  it("forgets minutes that the hub has long since counted", () => {
    const street = makeStreet();
    street.take(crossed(1, start));
    street.take(crossed(2, start + 120 * minute));
    expect(street.crossings("kerb" as never, "person", "in", start)).toBe(0);
  });
});

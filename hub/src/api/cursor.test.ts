import type { Instant } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorId, readCursor } from "./cursor.ts";

const whole = fc.integer({ min: 0, max: 2 ** 50 });

describe("ids of the feed", () => {
  it("come back as they went", () =>
    fc.assert(
      fc.property(whole, whole, whole, (event, line, moment) => {
        const cursor = { event, line, moment: moment as Instant };
        expect(readCursor(cursorId("0badcafe", cursor), "0badcafe")).toEqual(cursor);
        expect(readCursor(cursorId("0badcafe", cursor), "deadbeef")).toBeUndefined();
      }),
    ));

  it("are read from nothing else", () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readCursor(text, "0badcafe")).toBeUndefined();
      }),
    ));
});

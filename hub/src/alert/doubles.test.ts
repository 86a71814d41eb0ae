import type { DeviceId, Epoch } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { doubles } from "./doubles.ts";
import { t } from "./made-alerts.ts";

const device = "kerb-01" as DeviceId;
const [a, b] = ["00000000000000aa", "00000000000000bb"] as Epoch[] as [Epoch, Epoch];

/** Births one after another; each is an outbox, the number it comes with, and what the hub has of it by then. */
function judge(births: readonly (readonly [Epoch, number, (number | undefined)?, number?])[], pause = 10): boolean[] {
  const of = doubles();
  let last = births[0]?.[0] ?? a;
  return births.map(([epoch, next, upTo, session], n) => {
    const two = of.born(
      device,
      { epoch, next: next as never, session: session ?? n + 1 },
      { epoch: last, upTo },
      t(n * pause),
    );
    last = epoch;
    return two;
  });
}

describe("two boxes with one id", () => {
  it("are noticed when outboxes take turns", () =>
    expect(
      judge([
        [a, 5],
        [b, 1],
        [a, 6, 5],
        [b, 2, 1],
        [a, 7, 6],
        [b, 3, 2],
      ]),
    ).toEqual([false, false, false, false, true, true]));

  it("are noticed when both began with the same card", () =>
    expect(
      judge([
        [a, 9, 8],
        [a, 5, 8],
        [a, 7, 12],
        [a, 20, 12],
        [a, 8, 19],
      ]),
    ).toEqual([false, false, false, false, true]));

  it("are not seen in one box, whatever happens to its card and its network", () => {
    // A bad line; a damaged outbox that is replaced, twice; a card put back once.
    expect(judge(Array.from({ length: 50 }, (_, n) => [a, n + 1, n]))).not.toContain(true);
    expect(
      judge([
        [a, 5, 4],
        [b, 1],
        [b, 4, 3],
        ["00000000000000cc" as Epoch, 1],
      ]),
    ).not.toContain(true);
    expect(
      judge([
        [a, 9, 8],
        [a, 5, 8],
        [a, 10, 8],
        [a, 12, 11],
      ]),
    ).not.toContain(true);
    // Put back, and its birth said again and again on the same connection.
    expect(judge(Array.from({ length: 9 }, () => [a, 5, 8, 7]))).not.toContain(true);
  });

  it("are not made of signs that are far apart", () =>
    expect(
      judge(
        Array.from({ length: 9 }, (_, n) => [n % 2 ? a : b, 5, 4]),
        600,
      ),
    ).not.toContain(true));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOf, air, airPages, desk, parseRoute, queues, type Route, ranges } from "./route.ts";

const id = fc.stringMatching(/^[a-z0-9-]{1,32}$/);
const maybe = fc.option(id, { nil: undefined });
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constant({ door: "home" } as const),
  fc.record({ door: fc.constant("open" as const), site: maybe }),
  fc.record({ door: fc.constant("boxes" as const), device: maybe, range: fc.constantFrom(...ranges) }),
  fc
    .record({
      door: fc.constant("desk" as const),
      site: maybe,
      alert: maybe,
      queue: fc.constantFrom(...queues),
      plan: fc.boolean(),
      range: fc.constantFrom(...ranges),
    })
    .map((r) => (r.alert ? { ...r, site: undefined } : r)),
  fc
    .record({
      door: fc.constant("air" as const),
      page: fc.constantFrom(...airPages),
      id,
      asked: fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.stringMatching(/^[\w.:,-]{1,40}$/)),
    })
    .map((r) => ({
      ...r,
      asked: { ...r.asked },
      id: ["station", "review", "colocation"].includes(r.page) ? r.id : undefined,
    })),
);

describe("addresses", () => {
  it("lead back to the view they were made from", () =>
    fc.assert(
      fc.property(route, (r) => {
        const url = new URL(addressOf(r), "http://hub");
        expect(parseRoute(url.pathname, url.search)).toEqual(r);
      }),
    ));

  it.each([
    ["/", "", { door: "home" }],
    ["/desk/", "", desk],
    ["/desk/alert/a-1", "?range=7d&queue=closed", { ...desk, alert: "a-1", range: "7d", queue: "closed" }],
    ["/desk", "?range=99y&plan=off", { ...desk, plan: false }],
    ["/login", "", desk],
    ["/boxes/kerb-01", "", { door: "boxes", device: "kerb-01", range: "1h" }],
    ["/open", "", { door: "open", site: undefined }],
    ["/air", "?site=mill-road", air("stations", { site: "mill-road" })],
    ["/air/station/mill-road", "", air("station", {}, "mill-road")],
    ["/air/review/12", "?state=open&x=%3Cb%3E", air("review", { state: "open" }, "12")],
    ["/air/station", "", { door: "lost", path: "/air/station" }],
    ["/air/ledger/12", "", { door: "lost", path: "/air/ledger/12" }],
    ["/air/stations", "", { door: "lost", path: "/air/stations" }],
    ["/desk/alert", "", { door: "lost", path: "/desk/alert" }],
    ["/boxes/a/b", "", { door: "lost", path: "/boxes/a/b" }],
    ["/boxes/<b>", "", { door: "lost", path: "/boxes/<b>" }],
    ["/desk/place/x/y", "", { door: "lost", path: "/desk/place/x/y" }],
    ["/nowhere", "", { door: "lost", path: "/nowhere" }],
  ])("%s%s is understood", (path, search, want) => expect(parseRoute(path, search)).toEqual(want));

  it("stay short: what is usual is not said", () => expect(addressOf(desk)).toBe("/desk"));
});

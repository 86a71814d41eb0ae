import { isSpan, type Span, spanOf, WrongQuery } from "./entity.ts";
import { distance, fits, fromGeoJson, type Geometry, isGeometry, lengthOf, relation } from "./geometry.ts";

type Function = { readonly wants: readonly number[]; readonly does: (...of: readonly unknown[]) => unknown };

const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : wrong("a text", value);
const number = (value: unknown): number => (typeof value === "number" ? value : wrong("a number", value));
const span = (value: unknown): Span =>
  isSpan(value) ? value : ((typeof value === "string" ? spanOf(value) : undefined) ?? wrong("a time", value));
function wrong(wanted: string, value: unknown): never {
  throw new WrongQuery(`A function of the filter wants ${wanted}, not ${JSON.stringify(value)}.`);
}
const place = (value: unknown): Geometry =>
  isGeometry(value) ? value : (fromGeoJson(value) ?? wrong("a place", value));
const at = (value: unknown): Date => new Date(span(value).start);
const one = (does: (a: unknown) => unknown): Function => ({ wants: [1], does });
const both = (does: (a: unknown, b: unknown) => unknown): Function => ({ wants: [2], does });
/** Two geometries related by any of some patterns of DE-9IM. */
const related = (...patterns: readonly string[]): Function =>
  both((a, b) => {
    const matrix = relation(place(a), place(b));
    return patterns.some((pattern) => fits(matrix, pattern));
  });
const intersects = ["T********", "*T*******", "***T*****", "****T****"] as const;

const functions: Readonly<Record<string, Function>> = {
  startswith: both((a, b) => text(a).startsWith(text(b))),
  endswith: both((a, b) => text(a).endsWith(text(b))),
  substringof: both((a, b) => text(b).includes(text(a))),
  contains: both((a, b) => text(a).includes(text(b))),
  indexof: both((a, b) => text(a).indexOf(text(b))),
  concat: both((a, b) => text(a) + text(b)),
  substring: {
    wants: [2, 3],
    does: (a, from, length) =>
      text(a).slice(number(from), length === undefined ? undefined : number(from) + number(length)),
  },
  length: one((a) => text(a).length),
  tolower: one((a) => text(a).toLowerCase()),
  toupper: one((a) => text(a).toUpperCase()),
  trim: one((a) => text(a).trim()),
  year: one((a) => at(a).getUTCFullYear()),
  month: one((a) => at(a).getUTCMonth() + 1),
  day: one((a) => at(a).getUTCDate()),
  hour: one((a) => at(a).getUTCHours()),
  minute: one((a) => at(a).getUTCMinutes()),
  second: one((a) => at(a).getUTCSeconds()),
  fractionalseconds: one((a) => at(a).getUTCMilliseconds() / 1000),
  date: one((a) => at(a).toISOString().slice(0, 10)),
  time: one((a) => at(a).toISOString().slice(11, 23)),
  totaloffsetminutes: one((a) => at(a).getTime() * 0),
  now: { wants: [0], does: () => ({ span: true, start: Date.now(), end: Date.now() }) },
  mindatetime: { wants: [0], does: () => ({ span: true, start: 0, end: 0 }) },
  maxdatetime: { wants: [0], does: () => ({ span: true, start: 8.64e15, end: 8.64e15 }) },
  round: one((a) => Math.sign(number(a)) * Math.round(Math.abs(number(a)))),
  floor: one((a) => Math.floor(number(a))),
  ceiling: one((a) => Math.ceil(number(a))),
  before: both((a, b) => span(a).end < span(b).start),
  after: both((a, b) => span(a).start > span(b).end),
  meets: both((a, b) => span(a).end === span(b).start || span(a).start === span(b).end),
  during: both((a, b) => span(a).start >= span(b).start && span(a).end <= span(b).end),
  overlaps: both((a, b) => span(a).start <= span(b).end && span(b).start <= span(a).end),
  starts: both((a, b) => span(a).start === span(b).start),
  finishes: both((a, b) => span(a).end === span(b).end),
  "geo.distance": both((a, b) => distance(place(a), place(b))),
  "geo.length": one((a) => lengthOf(place(a))),
  "geo.intersects": related(...intersects),
  st_intersects: related(...intersects),
  st_disjoint: related("FF*FF****"),
  st_equals: related("T*F**FFF*"),
  st_touches: related("FT*******", "F**T*****", "F***T****"),
  st_within: related("T*F**F***"),
  st_contains: related("T*****FF*"),
  // A point has no part of it elsewhere, so it neither overlaps nor crosses anything.
  st_overlaps: related("T*T***T*T"),
  st_crosses: both((a, b) => {
    relation(place(a), place(b));
    return false;
  }),
  st_relate: { wants: [3], does: (a, b, pattern) => fits(relation(place(a), place(b)), text(pattern)) },
};

/** One of the functions of SensorThings 1.1 part 9.3.3.5.2; of an unknown value the result is unknown. */
export function call(name: string, of: readonly unknown[]): unknown {
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!known)
    throw new WrongQuery(`The function ${name} is not known here; known are ${Object.keys(functions).join(", ")}.`);
  if (!known.wants.includes(of.length))
    throw new WrongQuery(`The function ${name} wants ${known.wants.join(" or ")} values, not ${of.length}.`);
  return of.some((value) => value === null) ? null : known.does(...of);
}

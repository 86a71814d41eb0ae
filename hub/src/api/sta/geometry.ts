import { WrongQuery } from "./entity.ts";

type Position = readonly [number, number];
/** Longitude and latitude in degrees, plane: places of a city lie so near one another that the earth is flat. */
export type Geometry =
  | { readonly geo: "point"; readonly at: Position }
  | { readonly geo: "line"; readonly points: readonly Position[] }
  | { readonly geo: "polygon"; readonly rings: readonly (readonly Position[])[] };

export const isGeometry = (value: unknown): value is Geometry =>
  typeof value === "object" && value !== null && "geo" in value;

const unreadable = (text: string): WrongQuery =>
  new WrongQuery(`${text.slice(0, 60)} is not a POINT, LINESTRING or POLYGON that can be read.`);

function positionOf(text: string, whole: string): Position {
  const numbers = text.trim().split(/\s+/).map(Number);
  const [x, y] = numbers;
  if (numbers.length < 2 || numbers.length > 3 || numbers.some((n) => !Number.isFinite(n))) throw unreadable(whole);
  return [x!, y!];
}
const positions = (text: string, whole: string): Position[] => text.split(",").map((part) => positionOf(part, whole));

/** Reads well-known text: `POINT(8.4 49)`, `LINESTRING(…)`, `POLYGON((…),(…))`. A third coordinate is passed over. */
export function parseWkt(text: string): Geometry {
  const [, kind, body = ""] = /^\s*(?:SRID=4326;)?\s*(POINT|LINESTRING|POLYGON)\s*Z?\s*\((.*)\)\s*$/is.exec(text) ?? [];
  switch (kind?.toUpperCase()) {
    case "POINT": {
      // The standard's own example writes a comma between the two.
      return { geo: "point", at: positionOf(body.replace(",", " "), text) };
    }
    case "LINESTRING": {
      const points = positions(body, text);
      if (points.length < 2) throw unreadable(text);
      return { geo: "line", points };
    }
    case "POLYGON": {
      const rings = [...body.matchAll(/\(([^()]*)\)/g)].map(([, ring = ""]) => positions(ring, text));
      if (rings.length === 0 || rings.some((ring) => ring.length < 4)) throw unreadable(text);
      return { geo: "polygon", rings };
    }
    default:
      throw unreadable(text);
  }
}

/** A GeoJSON geometry, or the one of a feature; nothing for other kinds. */
export function fromGeoJson(value: unknown): Geometry | undefined {
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  if (value.type === "Feature") return fromGeoJson(Reflect.get(value, "geometry"));
  const coordinates: unknown = Reflect.get(value, "coordinates");
  if (!Array.isArray(coordinates)) return undefined;
  switch (value.type) {
    case "Point":
      return { geo: "point", at: [coordinates[0], coordinates[1]] };
    case "LineString":
      return { geo: "line", points: coordinates.map(([x, y]) => [x, y] as const) };
    case "Polygon":
      return { geo: "polygon", rings: coordinates.map((ring) => ring.map(([x, y]: Position) => [x, y] as const)) };
    default:
      return undefined;
  }
}

const partsOf = (geometry: Geometry): readonly (readonly Position[])[] =>
  geometry.geo === "point" ? [[geometry.at]] : geometry.geo === "line" ? [geometry.points] : geometry.rings;

const toSegment = ([x, y]: Position, [ax, ay]: Position, [bx, by]: Position): number => {
  const [dx, dy] = [bx - ax, by - ay];
  const along =
    dx === 0 && dy === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
};
const toPath = (at: Position, path: readonly Position[]): number =>
  path.length === 1
    ? Math.hypot(at[0] - path[0]![0], at[1] - path[0]![1])
    : path.slice(1).reduce((least, to, i) => Math.min(least, toSegment(at, path[i]!, to)), Number.POSITIVE_INFINITY);

/** Where a point lies: inside of a geometry, on its boundary (a line's ends, a polygon's rings), or outside. */
export function lies(at: Position, geometry: Geometry): "inside" | "boundary" | "outside" {
  if (geometry.geo === "point") return toPath(at, [geometry.at]) === 0 ? "inside" : "outside";
  const onPath = partsOf(geometry).some((path) => toPath(at, path) < 1e-12);
  if (geometry.geo === "line") {
    if (!onPath) return "outside";
    const [first, last] = [geometry.points[0]!, geometry.points.at(-1)!];
    const closed = toPath(first, [last]) === 0;
    return !closed && (toPath(at, [first]) === 0 || toPath(at, [last]) === 0) ? "boundary" : "inside";
  }
  if (onPath) return "boundary";
  const [x, y] = at;
  let inside = false;
  for (const ring of geometry.rings)
    for (let i = 1; i < ring.length; i++) {
      const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
  return inside ? "inside" : "outside";
}

type Point = Extract<Geometry, { geo: "point" }>;
const pointFirst = (a: Geometry, b: Geometry): { point: Point; other: Geometry; swapped: boolean } => {
  if (a.geo === "point") return { point: a, other: b, swapped: false };
  if (b.geo === "point") return { point: b, other: a, swapped: true };
  throw new WrongQuery("Places here are points: one of the two geometries has to be one.");
};

/** Shortest distance in degrees, as the coordinate system counts; 0 inside of a polygon. */
export function distance(a: Geometry, b: Geometry): number {
  const { point, other } = pointFirst(a, b);
  if (other.geo === "polygon" && lies(point.at, other) !== "outside") return 0;
  return Math.min(...partsOf(other).map((path) => toPath(point.at, path)));
}

/** Length of a line in degrees. */
export function lengthOf(geometry: Geometry): number {
  if (geometry.geo !== "line") throw new WrongQuery("geo.length wants a LINESTRING.");
  const { points } = geometry;
  return points.slice(1).reduce((sum, to, i) => sum + Math.hypot(to[0] - points[i]![0], to[1] - points[i]![1]), 0);
}

/** The nine intersections of two geometries (DE-9IM), as nine signs. */
export function relation(a: Geometry, b: Geometry): string {
  const { point, other, swapped } = pointFirst(a, b);
  const where = lies(point.at, other);
  const own = [where === "inside" ? "0" : "F", where === "boundary" ? "0" : "F", where === "outside" ? "0" : "F"];
  const beyond = ((): readonly string[] => {
    if (other.geo === "polygon") return ["2", "1", "2"];
    if (other.geo === "point") return [where === "inside" ? "F" : "0", "F", "2"];
    const [first, last] = [other.points[0]!, other.points.at(-1)!];
    return ["1", toPath(first, [last]) === 0 ? "F" : "0", "2"];
  })();
  const rows = [own, ["F", "F", "F"], beyond];
  return (swapped ? [0, 1, 2].map((j) => rows.map((row) => row[j]!)) : rows).flat().join("");
}

/** Whether a relation fits a pattern of T, F, *, 0, 1 and 2. */
export function fits(matrix: string, pattern: string): boolean {
  if (!/^[TF*012]{9}$/i.test(pattern))
    throw new WrongQuery(`${pattern.slice(0, 20)} is no pattern of nine T, F, *, 0, 1 or 2.`);
  return [...pattern.toUpperCase()].every(
    (sign, i) => sign === "*" || (sign === "T" ? matrix[i] !== "F" : matrix[i] === sign),
  );
}

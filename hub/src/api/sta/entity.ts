/** The eight kinds of SensorThings 1.1, by the name of their collection. */
export const collections = [
  "Things",
  "Locations",
  "HistoricalLocations",
  "Datastreams",
  "Sensors",
  "ObservedProperties",
  "Observations",
  "FeaturesOfInterest",
] as const;
export type Collection = (typeof collections)[number];

/** One thing of the graph. `one` and `many` lead on; observations are not in `many`, they are asked of the source. */
export type Entity = {
  readonly kind: Collection;
  readonly id: string | number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly one: Readonly<Record<string, () => Entity | undefined>>;
  readonly many: Readonly<Record<string, () => readonly Entity[]>>;
};

/** Moments in milliseconds, both ends meant. */
export type ObservationRange = {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly skip: number;
  readonly newestFirst: boolean;
};

/** What is served: small kinds whole, observations by datastream and time. */
export type Source = {
  all(kind: Exclude<Collection, "Observations">): readonly Entity[];
  observations(datastream: Entity, range: ObservationRange): Promise<readonly Entity[]>;
  observation(id: string): Promise<Entity | undefined>;
  /** How many observations a datastream has that begin in a time, both ends meant. */
  count(datastream: Entity, range: Pick<ObservationRange, "from" | "to">): Promise<number>;
};

/** A question this service does not understand or does not answer; the message says why, for a person. */
export class WrongQuery extends Error {
  override name = "WrongQuery";
}

/** A moment or a stretch of time, milliseconds. */
export type Span = { readonly span: true; readonly start: number; readonly end: number };
export const isSpan = (value: unknown): value is Span =>
  typeof value === "object" && value !== null && "span" in value && value.span === true;

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/;
/** Reads an ISO moment, or an interval of two; nothing when the text is neither. */
export function spanOf(text: string): Span | undefined {
  const parts = text.split("/");
  if (parts.length > 2 || !parts.every((p) => moment.test(p))) return undefined;
  const start = Date.parse(parts[0] ?? "");
  const end = Date.parse(parts[1] ?? parts[0] ?? "");
  return Number.isNaN(start) || Number.isNaN(end) || end < start ? undefined : { span: true, start, end };
}

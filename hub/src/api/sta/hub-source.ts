import type { Instant, SiteView } from "@openkerb/contract";
import type { Channel, StoredReading } from "../../store/reading-queries.ts";
import type { Store } from "../../store/store.ts";
import type { Collection, Entity, ObservationRange, Source } from "./entity.ts";
import { countIn, pastWholeDays } from "./long-series.ts";
import { definitions, unitOf } from "./vocabulary.ts";

const iso = (at: number): string => new Date(at).toISOString();
const latest = 8.64e15;

/** The hub's places, sensors and readings as SensorThings. Ids are names of the hub and numbers it never gives twice. */
export function hubSource(
  store: Pick<Store, "readings" | "rollups">,
  channels: readonly Channel[],
  sites: readonly SiteView[],
): Source {
  const siteIds = [...new Set([...channels.map((c) => c.site), ...sites.map((s) => s.site)])];
  const graph = new Map<Exclude<Collection, "Observations">, Entity[]>();
  const all = (kind: Exclude<Collection, "Observations">): Entity[] => graph.get(kind) ?? [];
  const find = (kind: Exclude<Collection, "Observations">, id: string | number): Entity | undefined =>
    all(kind).find((e) => e.id === id);
  const add = (
    kind: Exclude<Collection, "Observations">,
    id: string | number,
    properties: Entity["properties"],
    leads: Partial<Pick<Entity, "one" | "many">>,
  ): void => void graph.set(kind, [...all(kind), { kind, id, properties, one: {}, many: {}, ...leads }]);
  const here = (kind: Exclude<Collection, "Observations">, id: string | number) => () => {
    const found = find(kind, id);
    return found ? [found] : [];
  };
  const streams = (of: (channel: Channel) => boolean) => () =>
    channels.filter(of).flatMap((c) => find("Datastreams", c.id) ?? []);
  const sensorId = (c: Channel): string => `${c.device}.${c.sensor}`;

  for (const site of siteIds) {
    const view = sites.find((s) => s.site === site);
    const name = view?.name ?? site;
    add(
      "Things",
      site,
      { name, description: `Measuring place ${name}`, properties: view ? { city: view.city } : {} },
      {
        many: {
          Locations: here("Locations", site),
          HistoricalLocations: here("HistoricalLocations", site),
          Datastreams: streams((c) => c.site === site),
        },
      },
    );
    if (!view?.position) continue;
    const { longitude, latitude } = view.position;
    const point = { type: "Point", coordinates: [longitude, latitude] };
    const text = { name, description: `Where ${name} is`, encodingType: "application/geo+json" };
    const things = { Things: here("Things", site), HistoricalLocations: here("HistoricalLocations", site) };
    add("Locations", site, { ...text, location: point }, { many: things });
    // The hub knows where a place is, not since when; a place does not move.
    add(
      "HistoricalLocations",
      site,
      { time: iso(0) },
      {
        one: { Thing: () => find("Things", site) },
        many: { Locations: here("Locations", site) },
      },
    );
    add("FeaturesOfInterest", site, { ...text, feature: point }, {});
  }
  for (const id of new Set(channels.map(sensorId))) {
    const of = channels.filter((c) => sensorId(c) === id);
    add(
      "Sensors",
      id,
      {
        name: of[0]?.sensor,
        description: `Sensor ${of[0]?.sensor} of the box ${of[0]?.device}`,
        encodingType: "application/json",
        metadata: { device: of[0]?.device, sensor: of[0]?.sensor },
      },
      { many: { Datastreams: streams((c) => sensorId(c) === id) } },
    );
  }
  for (const metric of new Set(channels.map((c) => c.metric))) {
    const { name, definition } = definitions[metric];
    add(
      "ObservedProperties",
      metric,
      { name, definition, description: name },
      {
        many: { Datastreams: streams((c) => c.metric === metric) },
      },
    );
  }
  for (const c of channels) {
    const about = {
      ...(c.reference && { referenceState: c.reference }),
      ...(c.correction && { correction: c.correction }),
    };
    add(
      "Datastreams",
      c.id,
      {
        name: `${definitions[c.metric].name} at ${c.site}`,
        description: `${definitions[c.metric].name}, sensor ${c.sensor}${c.correction ? `, corrected by ${c.correction}` : ", raw"}`,
        observationType: "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unitOfMeasurement: unitOf(c.unit),
        properties: about,
      },
      {
        one: {
          Thing: () => find("Things", c.site),
          Sensor: () => find("Sensors", sensorId(c)),
          ObservedProperty: () => find("ObservedProperties", c.metric),
          FeatureOfInterest: () => find("FeaturesOfInterest", c.site),
        },
      },
    );
  }

  const observation = (channel: Channel, r: StoredReading): Entity => ({
    kind: "Observations",
    id: `${channel.id}-${r.at}-${r.series}-${r.sequence}`,
    properties: {
      phenomenonTime: r.averaging > 0 ? `${iso(r.at)}/${iso(r.at + r.averaging)}` : iso(r.at),
      resultTime: iso(r.at + r.averaging),
      result: Number.isNaN(r.value) ? null : r.value,
      // QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 fail, 9 missing; after the hub's tests and officers' decisions,
      // and what the device said itself.
      resultQuality: { qartod: r.quality, device: r.device, clock: r.clock },
      parameters: { received: iso(r.received) },
    },
    one: {
      Datastream: () => find("Datastreams", channel.id),
      FeatureOfInterest: () => find("FeaturesOfInterest", channel.site),
    },
    many: {},
  });
  const channelOf = (id: string | number): Channel | undefined => channels.find((c) => c.id === id);
  const read = async (channel: Channel, { from, to, ...rest }: ObservationRange): Promise<StoredReading[]> =>
    store.readings({
      channel: channel.id,
      from: Math.max(0, from) as Instant,
      to: Math.min(to, latest) as Instant,
      ...rest,
    });
  return {
    all,
    async observations(datastream, range) {
      const channel = channelOf(datastream.id);
      if (!channel) return [];
      return (await read(channel, await pastWholeDays(store, channel.id, range))).map((r) => observation(channel, r));
    },
    async observation(id) {
      const [number, at, series, sequence] = id.split("-").map(Number);
      const channel = number === undefined ? undefined : channelOf(number);
      if (!channel || at === undefined || !Number.isSafeInteger(at) || at < 0) return undefined;
      const found = await read(channel, { from: at, to: at, limit: 1000, skip: 0, newestFirst: false });
      const reading = found.find((r) => r.series === series && r.sequence === sequence);
      return reading && observation(channel, reading);
    },
    count: (datastream, range) => countIn(store, Number(datastream.id), range),
  };
}

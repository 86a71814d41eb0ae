import type { Channel } from "../store/reading-queries.ts";
import { metricTests } from "./settings.ts";

export type Position = { readonly latitude: number; readonly longitude: number };
/** Channels to compare one with. */
export type Peers = { readonly neighbours: readonly number[]; readonly pair: readonly number[] };

/** The nearest of so many are enough for a median. */
const mostNeighbours = 8;
const earth = 6_371_000;
const radians = Math.PI / 180;

/** Metres along the ground; close enough for a city (equirectangular). */
function apart(a: Position, b: Position): number {
  const x = (b.longitude - a.longitude) * radians * Math.cos(((a.latitude + b.latitude) / 2) * radians);
  const y = (b.latitude - a.latitude) * radians;
  return earth * Math.hypot(x, y);
}

const alike = (a: Channel, b: Channel): boolean =>
  a.id !== b.id && a.metric === b.metric && a.unit === b.unit && a.reference === b.reference && !b.correction;

/** Who measures the same within reach, nearest first, and who measures it at the same place. */
export function peersOf(
  channel: Channel,
  channels: readonly Channel[],
  positionOf: (site: string) => Position | undefined,
): Peers {
  const same = channels.filter((other) => alike(channel, other));
  const { neighbours, pair } = metricTests[channel.metric];
  const here = positionOf(channel.site);
  const near = same
    .filter((other) => other.site !== channel.site)
    .map((other) => {
      const there = positionOf(other.site);
      return { id: other.id, far: here && there ? apart(here, there) : Number.POSITIVE_INFINITY };
    })
    .filter(({ far }) => far <= (neighbours?.reach ?? 0))
    .sort((a, b) => a.far - b.far || a.id - b.id);
  return {
    neighbours: near.slice(0, mostNeighbours).map((n) => n.id),
    pair: pair ? same.filter((other) => other.site === channel.site).map((other) => other.id) : [],
  };
}

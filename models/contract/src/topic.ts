import { CityId, DeviceId } from "./id.ts";

export const upStreams = ["birth", "state", "events", "readings", "health"] as const;
export const downStreams = ["ack", "resend", "desired", "command"] as const;
export type UpStream = (typeof upStreams)[number];
export type DownStream = (typeof downStreams)[number];

/** Where a device speaks and listens: `openkerb/1/<city>/<shard>/<device>/<up|down>/<stream>`. */
export type Address = { readonly city: CityId; readonly shard: string; readonly device: DeviceId };
export type Topic =
  | (Address & { readonly way: "up"; readonly stream: UpStream })
  | (Address & { readonly way: "down"; readonly stream: DownStream });

/**
 * Two hex digits, 00 to 3f: the first byte of SHA-256(device id) mod 64. The digest is the caller's, because this
 * package knows no crypto. With it any broker can split a city among workers by plain topic filters.
 */
export const shardOf = (digest: Uint8Array): string => ((digest[0] ?? 0) % 64).toString(16).padStart(2, "0");

export const root = "openkerb/1";

export const upTopic = ({ city, shard, device }: Address, stream: UpStream): string =>
  `${root}/${city}/${shard}/${device}/up/${stream}`;
export const downTopic = ({ city, shard, device }: Address, stream: DownStream): string =>
  `${root}/${city}/${shard}/${device}/down/${stream}`;

/** Reads a topic; undefined for anything that is not exactly ours. */
export function parseTopic(topic: string): Topic | undefined {
  const [a, b, city, shard, device, way, stream, ...rest] = topic.split("/");
  if (`${a}/${b}` !== root || rest.length > 0 || shard === undefined || !/^[0-3][0-9a-f]$/.test(shard))
    return undefined;
  const c = CityId.safeParse(city);
  const d = DeviceId.safeParse(device);
  if (!c.success || !d.success) return undefined;
  const address = { city: c.data, shard, device: d.data };
  const up = upStreams.find((s) => s === stream);
  const down = downStreams.find((s) => s === stream);
  if (way === "up" && up) return { ...address, way, stream: up };
  if (way === "down" && down) return { ...address, way, stream: down };
  return undefined;
}

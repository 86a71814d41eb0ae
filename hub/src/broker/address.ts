import { createHash } from "node:crypto";
import { type Address, type CityId, type DeviceId, shardOf } from "@openkerb/contract";

const shards = new Map<DeviceId, string>();

/** Where a device of this city speaks and listens. */
export function addressOf(city: CityId, device: DeviceId): Address {
  let shard = shards.get(device);
  if (shard === undefined) {
    shard = shardOf(createHash("sha256").update(device).digest());
    // Only names that were let in come here, but a list that can only grow is a leak in waiting.
    if (shards.size > 100_000) shards.clear();
    shards.set(device, shard);
  }
  return { city, shard, device };
}

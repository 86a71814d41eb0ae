import { StoredEvent } from "@openkerb/contract";

/** For tests: an event of one step over a line, as the hub would tell it. */
export const crossed = (id: number, at: number, given: Record<string, unknown> = {}): StoredEvent =>
  StoredEvent.parse({
    id,
    site: "mill",
    device: "box",
    received: at,
    backfill: false,
    event: {
      kind: "line-crossed",
      at,
      clock: "synced",
      quality: 1,
      provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" },
      camera: "cam",
      line: "kerb",
      direction: "in",
      class: "person",
      ...given,
    },
  });

import { type CameraId, CityEvent, type ConfigVersion, type LineId, type ZoneId } from "@openkerb/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Made, madeScene } from "../analytics/made-scenes.ts";
import type { Scene } from "../tracks/scene.ts";
import { type Stamp, tracksToEvents } from "./tracks-to-events.ts";

const camera = {
  id: "kerb" as CameraId,
  lines: [
    { id: "across" as LineId, name: "Across", from: [0, 0.5] as [number, number], to: [1, 0.5] as [number, number] },
    { id: "up" as LineId, name: "Up", from: [0.5, 1] as [number, number], to: [0.5, 0] as [number, number] },
  ],
  zones: [
    {
      id: "middle" as ZoneId,
      name: "Middle",
      polygon: [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.75, 0.75],
        [0.25, 0.75],
      ] as [number, number][],
      stoppedAfter: 5,
    },
  ],
};
const stamp = (): Stamp => ({
  clock: "synced",
  quality: 1,
  provenance: { source: "model:centernet6@0123456789ab", config: "0123456789ab" as ConfigVersion },
});

async function* from(scenes: readonly Scene[], end?: Error): AsyncGenerator<Scene, void, undefined> {
  yield* scenes;
  if (end) throw end;
}
async function all(scenes: AsyncIterable<Scene>, into: CityEvent[] = []): Promise<CityEvent[]> {
  for await (const event of tracksToEvents(scenes, camera, stamp)) into.push(event);
  return into;
}
const standing = (seconds: number): Scene[] =>
  Array.from({ length: seconds * 5 + 1 }, (_, n) => madeScene(n * 200, [{ foot: [0.4, 0.4] }]));

describe("what the camera tells", () => {
  it("is events of the contract and nothing else: no id, no place, no picture", async () => {
    const scenes = [...standing(6), madeScene(6400, [{ foot: [0.9, 0.9] }]), madeScene(9000, [], [1])];
    const events = await all(from(scenes));
    expect(new Set(events.map(({ kind }) => kind))).toEqual(
      new Set(["zone-entered", "vehicle-stopped", "line-crossed", "zone-left", "minute-counted"]),
    );
    for (const event of events) expect(CityEvent.parse(event)).toEqual(event);
    expect(JSON.stringify(events)).not.toMatch(/"(id|track|box|foot)"/);
  });

  it("ends what is still open when the pictures end: visit, stopped vehicle and minute, at the last moment seen", async () => {
    const events = await all(from(standing(7)));
    expect(events.map((e) => [e.kind, e.at, "active" in e ? e.active : undefined])).toEqual([
      ["zone-entered", 0, undefined],
      ["vehicle-stopped", 5000, true],
      ["zone-left", 7000, undefined],
      ["vehicle-stopped", 7000, false],
      ["minute-counted", 0, undefined],
    ]);
    expect(events.at(-1)).toMatchObject({ watched: 7000, zones: [{ entered: 1, mean: 1, max: 1 }] });
  });

  it("ends what is open also when the pictures end in trouble, and then says so", async () => {
    const events: CityEvent[] = [];
    await expect(all(from(standing(7), new Error("the camera fell")), events)).rejects.toThrow("the camera fell");
    expect(events.map(({ kind }) => kind)).toContain("minute-counted");
    expect(events.filter((e) => e.kind === "vehicle-stopped")).toHaveLength(2);
  });

  it("tells nothing of a camera that gave no picture", async () => {
    expect(await all(from([]))).toEqual([]);
  });

  it("marks a minute that was half watched as suspect and one that was not as missing", async () => {
    const scenes = [0, 1000, 2000, 130_000, ...Array.from({ length: 60 }, (_, n) => 131_000 + 1000 * n)];
    const minutes = await all(from(scenes.map((pts) => madeScene(pts, []))));
    expect(minutes.map((e) => ("watched" in e ? [e.watched, e.quality] : []))).toEqual([
      [2000, 3],
      [0, 9],
      [50_000, 1],
      [10_000, 3],
    ]);
  });

  it("counts in its minutes exactly what it told of lines and zones, in whatever order the tracks came", async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const label = fc.constantFrom("car" as const, "person" as const);
    const row = fc.array(fc.record({ foot: fc.tuple(share, share), label, seen: fc.boolean() }), {
      minLength: 3,
      maxLength: 3,
    });
    const street = fc.array(fc.record({ row, pause: fc.integer({ min: 40, max: 20_000 }) }), { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(street, async (steps) => {
        let pts = 0;
        const scenes = steps.map(({ row: feet, pause }) => {
          pts += pause;
          return madeScene(
            pts,
            feet.map((made, id): Made => ({ ...made, id })),
          );
        });
        const events = await all(from(scenes));
        const turned = await all(from(scenes.map((scene) => ({ ...scene, tracks: [...scene.tracks].reverse() }))));
        const sorted = (list: readonly CityEvent[]): string[] => list.map((e) => JSON.stringify(e)).sort();
        expect(sorted(turned)).toEqual(sorted(events));

        const told = new Map<string, number>();
        const add = (key: string, n: number): void => void told.set(key, (told.get(key) ?? 0) + n);
        for (const event of events) {
          if (event.kind === "line-crossed") add(`${event.line} ${event.class} ${event.direction}`, 1);
          if (event.kind === "zone-entered") add(`${event.zone} ${event.class}`, 1);
          if (event.kind !== "minute-counted") continue;
          expect(event.watched).toBeLessThanOrEqual(60_000);
          for (const line of event.lines) {
            add(`${line.line} ${line.class} in`, -line.in);
            add(`${line.line} ${line.class} out`, -line.out);
          }
          for (const zone of event.zones) add(`${zone.zone} ${zone.class}`, -zone.entered);
        }
        expect([...told.values()].filter((n) => n !== 0)).toEqual([]);
        const minutes = events.filter((e) => e.kind === "minute-counted").map((e) => e.at);
        const [first, last] = [scenes[0]?.at, scenes.at(-1)?.at];
        const expected = first === undefined ? 0 : Math.floor(last! / 60_000) - Math.floor(first / 60_000) + 1;
        expect(minutes).toHaveLength(expected);
        expect(new Set(minutes).size).toBe(expected);
      }),
    );
  });
});

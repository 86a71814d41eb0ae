import type { MinuteCounted } from "@openkerb/contract";
import type { Database } from "./database.ts";
import { hourSpan, minuteSpan } from "./store.ts";
import type { Words } from "./words.ts";

/**
 * Adds counted minutes to the bins of a minute and of an hour. Adding is right, because an event is committed exactly
 * once and a restarted agent tells the two halves of a minute apart.
 */
export function minuteWriter(
  database: Database,
  words: Words,
): { add(site: string, device: string, event: MinuteCounted): void; forget(): void } {
  const findCamera = database
    .prepare<[string, string, string], number>("SELECT id FROM cameras WHERE site = ? AND device = ? AND camera = ?")
    .pluck();
  const addCamera = database.prepare("INSERT INTO cameras (site, device, camera) VALUES (?, ?, ?)");
  const watched = database.prepare(
    `INSERT INTO watched (camera, span, start, watched) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET watched = watched + excluded.watched`,
  );
  const line = database.prepare(
    `INSERT INTO line_counts (camera, span, start, line, class, came_in, went_out) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET came_in = came_in + excluded.came_in, went_out = went_out + excluded.went_out`,
  );
  const zone = database.prepare(
    `INSERT INTO zone_counts (camera, span, start, zone, class, entered, occupied, most) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET entered = entered + excluded.entered, occupied = occupied + excluded.occupied,
       most = max(most, excluded.most)`,
  );
  const cameras = new Map<string, number>();
  const cameraNumber = (site: string, device: string, camera: string): number => {
    const key = `${site}/${device}/${camera}`;
    let id = cameras.get(key);
    if (id === undefined) {
      id = findCamera.get(site, device, camera) ?? Number(addCamera.run(site, device, camera).lastInsertRowid);
      cameras.set(key, id);
    }
    return id;
  };
  return {
    add(site, device, event) {
      const camera = cameraNumber(site, device, event.camera);
      // No more than a minute fits into a minute, whatever a box with a broken clock says.
      const seen = Math.min(event.watched, minuteSpan);
      for (const span of [minuteSpan, hourSpan]) {
        const start = event.at - (event.at % span);
        watched.run(camera, span, start, seen);
        for (const l of event.lines)
          line.run(camera, span, start, words.number(l.line), words.number(l.class), l.in, l.out);
        for (const z of event.zones)
          zone.run(camera, span, start, words.number(z.zone), words.number(z.class), z.entered, z.mean * seen, z.max);
      }
    },
    forget: () => cameras.clear(),
  };
}

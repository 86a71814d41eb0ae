import type {
  Birth,
  CityId,
  DeviceId,
  DeviceState,
  DeviceView,
  Epoch,
  Health,
  Instant,
  SiteId,
} from "@openkerb/contract";
import type { Database } from "./database.ts";

/** One box, as it described itself last. */
export type Device = {
  readonly id: number;
  readonly device: DeviceId;
  city: CityId;
  site: SiteId;
  birth: Birth;
  epoch: Epoch;
  session: number;
  /** The last session of an outbox that was deleted, when the new one counts from below it (a clock that was reset). */
  former?: number;
  state: DeviceView["state"];
  since: Instant;
  health: Health | undefined;
  heard: Instant | undefined;
};

/** Each method says whether it changed anything that others can see. */
export type Devices = {
  load(): void;
  of(device: DeviceId): Device | undefined;
  all(): Iterable<Device>;
  born(city: CityId, birth: Birth, at: Instant): { device: Device; changed: boolean };
  said(device: Device, state: DeviceState, at: Instant): boolean;
  felt(device: Device, health: Health, at: Instant): boolean;
  forgetStates(at: Instant): void;
};

type Row = {
  id: number;
  device: string;
  city: string;
  site: string;
  birth: string;
  epoch: string;
  session: number;
  state: string;
  since: number;
  health: string | null;
  heard: number | null;
};

export function devices(database: Database): Devices {
  const sql = {
    all: database.prepare<[], Row>("SELECT * FROM devices ORDER BY device"),
    add: database.prepare(
      `INSERT INTO devices (device, city, site, birth, epoch, session, state, since)
       VALUES (?, ?, ?, ?, ?, ?, 'online', ?)`,
    ),
    birth: database.prepare(
      "UPDATE devices SET city = ?, site = ?, birth = ?, epoch = ?, session = ?, state = ?, since = ? WHERE id = ?",
    ),
    state: database.prepare("UPDATE devices SET session = ?, state = ?, since = ? WHERE id = ?"),
    health: database.prepare("UPDATE devices SET health = ?, heard = ?, state = ?, since = ? WHERE id = ?"),
    forget: database.prepare("UPDATE devices SET state = 'unknown', since = ? WHERE state = 'online'"),
  };
  const known = new Map<DeviceId, Device>();
  const enter = (device: Device, state: Device["state"], at: Instant): void => {
    if (device.state !== state) Object.assign(device, { state, since: at });
  };
  const load = (): void => {
    known.clear();
    for (const row of sql.all.all()) {
      const device = row.device as DeviceId;
      known.set(device, {
        id: row.id,
        device,
        city: row.city as CityId,
        site: row.site as SiteId,
        birth: JSON.parse(row.birth) as Birth,
        epoch: row.epoch as Epoch,
        session: row.session,
        state: row.state as Device["state"],
        since: row.since as Instant,
        health: row.health === null ? undefined : (JSON.parse(row.health) as Health),
        heard: row.heard === null ? undefined : (row.heard as Instant),
      });
    }
  };
  return {
    load,
    of: (device) => known.get(device),
    all: () => known.values(),
    born(city, birth, at) {
      const { device, site, epoch, session } = birth;
      const text = JSON.stringify(birth);
      const old = known.get(device);
      if (old === undefined) {
        const id = Number(sql.add.run(device, city, site, text, epoch, session, at).lastInsertRowid);
        const fresh: Device = {
          id,
          device,
          city,
          site,
          birth,
          epoch,
          session,
          state: "online",
          since: at,
          health: undefined,
          heard: undefined,
        };
        known.set(device, fresh);
        return { device: fresh, changed: true };
      }
      // A birth that overtook its successor on the way says nothing new. A new outbox counts sessions from one again.
      if (epoch === old.epoch && session < old.session) return { device: old, changed: false };
      enter(old, "online", at);
      if (epoch !== old.epoch && session < old.session) old.former = old.session;
      Object.assign(old, { city, site, birth, epoch, session });
      sql.birth.run(city, site, text, epoch, session, old.state, old.since, old.id);
      return { device: old, changed: true };
    },
    said(device, { state, session }, at) {
      // The will of an old connection may arrive after the new one has begun.
      if (device.former !== undefined && session > device.session && session <= device.former) return false;
      if (session < device.session || (session === device.session && state === device.state)) return false;
      enter(device, state, at);
      device.session = session;
      sql.state.run(session, device.state, device.since, device.id);
      return true;
    },
    felt(device, health, at) {
      if (device.state === "unknown") enter(device, "online", at);
      Object.assign(device, { health, heard: at });
      sql.health.run(JSON.stringify(health), at, device.state, device.since, device.id);
      return true;
    },
    forgetStates(at) {
      sql.forget.run(at);
      load();
    },
  };
}

import type { DeviceView, Health, SiteView } from "@openkerb/contract";
import * as said from "./box-check-texts.ts";
import { texts } from "./language/language.ts";
import { sensorCheck } from "./sensor-check.ts";
import { age, bytes, percent, rough, span, troubleWords, whole } from "./words.ts";

export type Light = "green" | "amber" | "red" | "grey";

/** One line of a box's checklist: how it is, why, and what to do when it is not well. */
export type Check = {
  readonly name: string;
  readonly light: Light;
  readonly value: string;
  readonly reason: string;
  readonly next: string | undefined;
};

/** A box speaks every ten seconds; missing three times is worth a look, missing for two minutes is silence. */
const lateAfter = 35_000;
const silentAfter = 120_000;

const order: Record<Light, number> = { red: 0, amber: 1, grey: 2, green: 3 };
/** The worst of the lights. A grey one says nothing about the whole. */
export const worst = (checks: readonly Check[]): Light =>
  checks.reduce<Light>((w, c) => (c.light !== "grey" && order[c.light] < order[w] ? c.light : w), "green");

/** Everything a technician asks of a box, worst first where it matters, from its last health message. */
export function checksOf(device: DeviceView, site: SiteView | undefined, now: number): Check[] {
  const { health, heard } = device;
  const link = linkCheck(device, now);
  if (!health || heard === undefined) return [link, ...storeChecks(device)];
  const quiet = now - heard > silentAfter || device.state !== "online";
  const rest = [
    ...health.cameras.map((camera) => cameraCheck(camera, site, health)),
    ...(health.sensors ?? []).map((sensor) => sensorCheck(sensor, health.at)),
    outboxCheck(health),
    clockCheck(health),
    diskCheck(health),
    temperatureCheck(health),
    memoryCheck(health),
    ...storeChecks(device),
  ];
  // Old news is shown as old: a green light from yesterday is not a green light.
  return [link, ...(quiet ? rest.map((c) => (c.light === "green" ? { ...c, light: "grey" as const } : c)) : rest)];
}

const check = (
  name: string,
  light: Light,
  { value, reason, next }: { readonly value: string; readonly reason: string; readonly next?: string | undefined },
): Check => ({ name, light, value, reason, next });

function linkCheck({ state, since, heard }: DeviceView, now: number): Check {
  const say = texts(said).link;
  if (state === "unknown") return check(say.name, "red", say.unknown);
  if (state === "lost") return check(say.name, "red", say.lost(age(since, now)));
  if (state === "stopped") return check(say.name, "amber", say.stopped(age(since, now)));
  const late = heard === undefined ? now - since : now - heard;
  if (late > silentAfter) return check(say.name, "red", say.silent(span(late)));
  if (late > lateAfter) return check(say.name, "amber", say.late(span(late)));
  return check(say.name, "green", say.online(span(now - since), heard === undefined ? undefined : age(heard, now)));
}

function cameraCheck(camera: Health["cameras"][number], site: SiteView | undefined, health: Health): Check {
  const say = texts(said).camera;
  const name = site?.cameras.find((c) => c.id === camera.id)?.name ?? say.name(camera.id);
  const drops = say.drops(camera.dropped, camera.restarts);
  if (camera.state === "starting") return check(name, "amber", say.starting);
  if (camera.state !== "watching") {
    const { is, next } = troubleWords(camera.state);
    return check(name, "red", { value: is, reason: drops, next });
  }
  // Both times are the device's own, so that a wrong clock does not make a good camera look old.
  const old = camera.lastFrame === undefined ? undefined : Math.max(0, health.at - camera.lastFrame);
  const frame = say.frame(
    old === undefined ? undefined : old < 1000 ? say.underSecond : span(old),
    camera.inference === undefined ? undefined : rough(camera.inference),
  );
  const is = { value: say.watching(rough(camera.fps)), reason: `${frame} ${drops}` };
  if (old !== undefined && old > 10_000) return check(name, "red", { ...is, next: say.old });
  if (camera.fps < 3) return check(name, "amber", { ...is, next: say.slow });
  return check(name, "green", is);
}

function outboxCheck({ outbox, at }: Health): Check {
  const say = texts(said).outbox;
  const waited = outbox.oldest === undefined ? 0 : Math.max(0, at - outbox.oldest);
  const value = outbox.depth === 0 ? say.empty : say.waiting(whole(outbox.depth));
  if (outbox.lost > 0) return check(say.name, "red", say.lost(whole(outbox.lost)));
  if (waited > 10 * 60_000)
    return check(say.name, "amber", { value, reason: say.old(span(waited)), next: say.oldNext });
  return check(say.name, "green", { value, reason: outbox.depth === 0 ? say.reached : say.onItsWay });
}

function clockCheck({ clockOffset }: Health): Check {
  const { clock: say, notKnown } = texts(said);
  if (clockOffset === undefined) return check(say.name, "grey", { value: notKnown, reason: say.unknown });
  const off = Math.abs(clockOffset);
  const value = say.off(off < 1000 ? `${Math.round(off)} ms` : span(off));
  if (off > 60_000) return check(say.name, "red", { value, reason: say.wrong, next: say.next });
  if (off > 2000) return check(say.name, "amber", { value, reason: say.loose, next: say.next });
  return check(say.name, "green", { value, reason: say.good });
}

function diskCheck({ disk }: Health): Check {
  const { disk: say, notKnown } = texts(said);
  if (!disk || disk.total === 0) return check(say.name, "grey", { value: notKnown, reason: say.unknown });
  const free = disk.free / disk.total;
  const value = say.free(bytes(disk.free), bytes(disk.total));
  if (free < 0.05 || disk.free < 200e6)
    return check(say.name, "red", { value, reason: say.full(percent(free)), next: say.next });
  const reason = say.left(percent(free));
  return free < 0.15
    ? check(say.name, "amber", { value, reason, next: say.next })
    : check(say.name, "green", { value, reason });
}

function temperatureCheck({ temperature }: Health): Check {
  const { temperature: say, notKnown } = texts(said);
  if (temperature === undefined) return check(say.name, "grey", { value: notKnown, reason: say.unknown });
  const value = `${rough(temperature)} °C`;
  if (temperature >= 85) return check(say.name, "red", { value, ...say.hot });
  if (temperature >= 75) return check(say.name, "amber", { value, ...say.warm });
  return check(say.name, "green", { value, reason: say.good });
}

function memoryCheck({ memory, load, uptime }: Health): Check {
  const say = texts(said).memory;
  const is = {
    value: say.inUse(bytes(memory)),
    reason: say.reason(span(uptime), load === undefined ? undefined : rough(load)),
  };
  return memory > 3e9 ? check(say.name, "amber", { ...is, next: say.next }) : check(say.name, "green", is);
}

function storeChecks(device: DeviceView): Check[] {
  const say = texts(said).store;
  const value = say.stored(whole(device.stored));
  if (device.missing > 0) return [check(say.name, "amber", { value, ...say.missing(device.missing) })];
  if (device.refused > 0) return [check(say.name, "amber", { value, ...say.refused(device.refused) })];
  if (device.lost > 0) return [check(say.name, "amber", { value, ...say.lost(device.lost) })];
  return [check(say.name, device.stored > 0 ? "green" : "grey", { value, reason: say.good })];
}

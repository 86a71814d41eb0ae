import type { DeviceView, Health, SiteView } from "@openkerb/contract";
import { sensorCheck } from "./sensor-check.ts";
import { age, bytes, counted, percent, rough, span, troubleNames, whole } from "./words.ts";

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

function linkCheck({ state, since, heard }: DeviceView, now: number): Check {
  const name = "Link to the hub";
  if (state === "unknown")
    return {
      name,
      light: "red",
      value: "never seen",
      reason: "This box has not reported since the hub knows of it.",
      next: "Check its power, its network and the hub's address in its configuration.",
    };
  if (state === "lost")
    return {
      name,
      light: "red",
      value: `lost ${age(since, now)}`,
      reason: "The connection broke without a goodbye.",
      next: "Check power and mobile signal at the pole. What it measures meanwhile is kept and sent later.",
    };
  if (state === "stopped")
    return {
      name,
      light: "amber",
      value: `stopped ${age(since, now)}`,
      reason: "The agent was ended in an orderly way.",
      next: "Start it again: systemctl start openkerb-agent.",
    };
  const late = heard === undefined ? now - since : now - heard;
  if (late > silentAfter)
    return {
      name,
      light: "red",
      value: `silent for ${span(late)}`,
      reason: "The connection stands but no health message comes, one is due every 10 s.",
      next: "Restart the agent; if it stays silent, restart the box.",
    };
  if (late > lateAfter)
    return {
      name,
      light: "amber",
      value: `late by ${span(late)}`,
      reason: "A health message is due every 10 s.",
      next: "Wait a minute. If it stays late, the link is weak or the box is overloaded.",
    };
  return {
    name,
    light: "green",
    value: "online",
    reason: `Connected for ${span(now - since)}${heard === undefined ? "" : `, last heard ${age(heard, now)}`}.`,
    next: undefined,
  };
}

function cameraCheck(camera: Health["cameras"][number], site: SiteView | undefined, health: Health): Check {
  const name = site?.cameras.find((c) => c.id === camera.id)?.name ?? `Camera ${camera.id}`;
  const drops = `${counted(camera.dropped, "frame")} passed over for a newer one, ${counted(camera.restarts, "restart")} since the agent started`;
  if (camera.state === "starting")
    return {
      name,
      light: "amber",
      value: "starting",
      reason: "The stream is being opened.",
      next: "Wait half a minute.",
    };
  if (camera.state !== "watching") {
    const { is, next } = troubleNames[camera.state];
    return { name, light: "red", value: is, reason: `${sentence(drops)}.`, next };
  }
  // Both times are the device's own, so that a wrong clock does not make a good camera look old.
  const old = camera.lastFrame === undefined ? undefined : Math.max(0, health.at - camera.lastFrame);
  const frame =
    old === undefined ? "no frame yet" : `last frame ${old < 1000 ? "less than 1 s" : span(old)} before the report`;
  const speed = camera.inference === undefined ? "" : `, ${rough(camera.inference)} ms in the detector`;
  const value = `watching at ${rough(camera.fps)} frames a second`;
  const reason = `${sentence(frame)}${speed}. ${sentence(drops)}.`;
  if (old !== undefined && old > 10_000)
    return {
      name,
      light: "red",
      value,
      reason,
      next: "No frame for over 10 s: restart the camera, then check its cable.",
    };
  if (camera.fps < 3)
    return {
      name,
      light: "amber",
      value,
      reason,
      next: "Under 3 frames a second, fast traffic is missed: choose a smaller picture size or fewer cameras on this box.",
    };
  return { name, light: "green", value, reason, next: undefined };
}

function outboxCheck({ outbox, at }: Health): Check {
  const name = "Outbox";
  const waited = outbox.oldest === undefined ? 0 : Math.max(0, at - outbox.oldest);
  const value = outbox.depth === 0 ? "empty" : `${whole(outbox.depth)} waiting`;
  if (outbox.lost > 0)
    return {
      name,
      light: "red",
      value: `${whole(outbox.lost)} lost`,
      reason: "The disk was full or the outbox was damaged; what was lost is shown as missing, not as zero.",
      next: "Free or replace the disk. Lost items cannot be brought back.",
    };
  if (waited > 10 * 60_000)
    return {
      name,
      light: "amber",
      value,
      reason: `The oldest has waited ${span(waited)}. Nothing is lost: it is sent when the hub acknowledges.`,
      next: "Check the link. If it is good, ask the hub's keeper whether the hub accepts this box.",
    };
  return {
    name,
    light: "green",
    value,
    reason: outbox.depth === 0 ? "Everything measured has reached the hub." : "On its way to the hub.",
    next: undefined,
  };
}

function clockCheck({ clockOffset }: Health): Check {
  const name = "Clock";
  if (clockOffset === undefined)
    return {
      name,
      light: "grey",
      value: "not known",
      reason: "This box does not report its clock's offset.",
      next: undefined,
    };
  const off = Math.abs(clockOffset);
  const value = off < 1000 ? `${Math.round(off)} ms off` : `${span(off)} off`;
  const next = "Check that the box reaches a time server (timedatectl status).";
  if (off > 60_000) return { name, light: "red", value, reason: "Its times cannot be trusted.", next };
  if (off > 2000)
    return { name, light: "amber", value, reason: "More than 2 s off: minutes blur into one another.", next };
  return { name, light: "green", value, reason: "Within 2 s of the time server.", next: undefined };
}

function diskCheck({ disk }: Health): Check {
  const name = "Disk";
  if (!disk || disk.total === 0)
    return { name, light: "grey", value: "not known", reason: "This box does not report its disk.", next: undefined };
  const free = disk.free / disk.total;
  const value = `${bytes(disk.free)} free of ${bytes(disk.total)}`;
  const next = "Remove old logs or replace the card by a larger one.";
  if (free < 0.05 || disk.free < 200e6)
    return {
      name,
      light: "red",
      value,
      reason: `${percent(free)} left: soon nothing can be kept when the link is down.`,
      next,
    };
  if (free < 0.15) return { name, light: "amber", value, reason: `${percent(free)} left.`, next };
  return { name, light: "green", value, reason: `${percent(free)} left.`, next: undefined };
}

function temperatureCheck({ temperature }: Health): Check {
  const name = "Temperature";
  if (temperature === undefined)
    return { name, light: "grey", value: "not known", reason: "This hardware has no sensor for it.", next: undefined };
  const value = `${rough(temperature)} °C`;
  if (temperature >= 85)
    return {
      name,
      light: "red",
      value,
      reason: "The processor slows down to save itself.",
      next: "Shade or ventilate the case today.",
    };
  if (temperature >= 75)
    return {
      name,
      light: "amber",
      value,
      reason: "Close to where the processor slows down.",
      next: "Look for a blocked vent or direct sun.",
    };
  return { name, light: "green", value, reason: "Below 75 °C.", next: undefined };
}

function memoryCheck({ memory, load, uptime }: Health): Check {
  const busy = load === undefined ? "" : `, load ${rough(load)}`;
  return {
    name: "Memory",
    light: memory > 3e9 ? "amber" : "green",
    value: `${bytes(memory)} in use`,
    reason: `The agent has run for ${span(uptime)}${busy}.`,
    next: memory > 3e9 ? "Restart the agent tonight and tell the developers: it should not need this much." : undefined,
  };
}

function storeChecks(device: DeviceView): Check[] {
  const name = "Data at the hub";
  const value = `${whole(device.stored)} stored`;
  if (device.missing > 0)
    return [
      {
        name,
        light: "amber",
        value,
        reason: `${counted(device.missing, "item")} missing and asked for again.`,
        next: "Nothing to do: the box sends them again.",
      },
    ];
  if (device.refused > 0)
    return [
      {
        name,
        light: "amber",
        value,
        reason: `${counted(device.refused, "item")} refused because they said more than the contract allows or made no sense.`,
        next: "Compare the software of box and hub: one of them is too old.",
      },
    ];
  if (device.lost > 0)
    return [
      {
        name,
        light: "amber",
        value,
        reason: `${counted(device.lost, "item")} lost on the box, shown as missing data.`,
        next: "Check the box's disk.",
      },
    ];
  return [
    {
      name,
      light: device.stored > 0 ? "green" : "grey",
      value,
      reason: "None lost, none refused, none missing.",
      next: undefined,
    },
  ];
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

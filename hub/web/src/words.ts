import type { AlertKind, CameraTrouble, RoadClass, Severity } from "@openkerb/contract";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in its largest whole unit, e.g. `4 min`. Milliseconds in. */
export function span(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} days`;
}

/** How long ago, e.g. `4 min ago`. Anything under five seconds, and a clock slightly behind, is `now`. */
export function age(at: number, now: number): string {
  const ms = now - at;
  return ms < 5000 ? "now" : `${span(ms)} ago`;
}

const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const momentFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
});
const dayFormat = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short" });

/** `12:03`, with the day before it when that is not today's. */
export function clock(at: number, now: number = at): string {
  const time = clockFormat.format(at);
  return dayFormat.format(at) === dayFormat.format(now) ? time : `${dayFormat.format(at)}, ${time}`;
}

/** The whole moment with its time zone, for a tooltip or a table. */
export const moment = (at: number): string => momentFormat.format(at);

const wholeFormat = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
/** A whole number with thousands kept apart. */
export const whole = (n: number): string => wholeFormat.format(n);

/** One decimal below a hundred, none above. */
export const rough = (n: number): string => (Math.abs(n) < 100 ? n.toFixed(1).replace(/\.0$/, "") : whole(n));

/** A share as percent. Only what is whole is called 100 %: 99.6 % rounds down. */
export const percent = (share: number): string => `${share >= 1 ? 100 : Math.min(99, Math.round(share * 100))} %`;

const sizes = ["B", "kB", "MB", "GB", "TB"];
/** Bytes in the unit that leaves one to three digits. */
export function bytes(n: number): string {
  let at = 0;
  let left = n;
  while (left >= 1000 && at < sizes.length - 1) {
    left /= 1000;
    at += 1;
  }
  return `${at === 0 ? left : rough(left)} ${sizes[at]}`;
}

/** `1 box`, `2 boxes`. */
export const counted = (n: number, one: string, many: string = `${one}s`): string =>
  `${whole(n)} ${n === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (all: readonly string[]): string =>
  all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;

export const classNames: Record<RoadClass, { one: string; many: string }> = {
  person: { one: "Person", many: "People" },
  bicycle: { one: "Bicycle", many: "Bicycles" },
  car: { one: "Car", many: "Cars" },
  motorcycle: { one: "Motorcycle", many: "Motorcycles" },
  bus: { one: "Bus", many: "Buses" },
  truck: { one: "Truck", many: "Trucks" },
};

export const severityNames: Record<Severity, string> = { critical: "Critical", warning: "Warning", notice: "Notice" };

export const kindNames: Record<AlertKind, string> = {
  "vehicle-stopped": "Stopped vehicle",
  "camera-down": "Camera down",
  "camera-frozen": "Camera frozen",
  "camera-dark": "Camera blind",
  "detector-failed": "Detector failed",
  "device-offline": "Box offline",
  "device-troubled": "Box in trouble",
  "data-lost": "Data lost",
  "clock-wrong": "Clock wrong",
  "device-doubled": "Two boxes, one id",
  "air-warning": "Air above a threshold",
};

/** What a camera suffers from, and what the person at the box does about it. */
export const troubleNames: Record<CameraTrouble, { is: string; next: string }> = {
  unreachable: {
    is: "cannot be reached",
    next: "Check the camera's power and network cable, then the address in the site file.",
  },
  "login-refused": {
    is: "refuses the login",
    next: "Set the user name in the site file and the password where the file says it is kept.",
  },
  "not-video": { is: "sends something that is not video", next: "Check the stream path in the site file's address." },
  corrupt: {
    is: "sends a damaged stream",
    next: "Change the transport to tcp in the site file; if it stays, replace the cable.",
  },
  stalled: { is: "has stopped sending frames", next: "Restart the camera; if it stalls again, check its network." },
  frozen: { is: "repeats one picture", next: "Restart the camera. A frozen picture counts nothing." },
  dark: { is: "sees nothing", next: "Look for a covered lens, or a night without street light." },
  "detector-failed": {
    is: "is not analysed: the detector failed",
    next: "Run openkerb models check on the box and build the model again if its hash is wrong.",
  },
};

import type { Alert, AlertWords, Instant, Place } from "@openkerb/contract";
import { countOf, lasting, numeral } from "./phrases.ts";

/** What places are called; every function falls back to the id when nobody gave a name. */
export type Names = {
  site(place: Place): string;
  camera(place: Place): string;
  zone(place: Place): string;
  sensor(place: Place): string;
};

type Telling = {
  readonly sentence: string;
  readonly title: string;
  readonly consequence: string;
  readonly action: string;
};

/** Everything an operator reads about an alert, in plain words. `now` is for "for 4 minutes". */
export function wordsOf(alert: Alert, names: Names, now: Instant): AlertWords {
  const site = names.site(alert.place);
  const told = tell(alert, names, site, now);
  return { ...told, sentence: `${told.sentence}${again(alert)}`, where: where(alert.place, names, site) };
}

function tell(alert: Alert, names: Names, site: string, now: Instant): Telling {
  const camera = names.camera(alert.place);
  const on = alert.condition === "active";
  const span = lasting(alert.first, on ? now : (alert.cleared ?? alert.last));
  switch (alert.kind) {
    case "vehicle-stopped":
      return vehicleStopped(alert, names.zone(alert.place), site, now);
    case "camera-down":
      return cameraDown(alert, camera, site, span);
    case "camera-frozen":
      return {
        title: `${camera} shows a frozen picture`,
        sentence: on
          ? `${camera} at ${site} has sent the same picture for ${span}: it is stuck, or somebody shows it a still.`
          : `${camera} at ${site} sent the same picture for ${span} and moves again.`,
        consequence: "Nothing is counted there meanwhile; that time is shown as missing, not as an empty street.",
        action: "Restart the camera. If it freezes again, send a technician.",
      };
    case "camera-dark":
      return {
        title: `${camera} sees nothing`,
        sentence: on
          ? `${camera} at ${site} has been blind for ${span}: lens covered or night without light.`
          : `${camera} at ${site} was blind for ${span} and sees again.`,
        consequence: "Nothing is counted there meanwhile; that time is shown as missing, not as an empty street.",
        action: "Send someone, or mark as planned work.",
      };
    case "detector-failed":
      return {
        title: `Detection has failed on ${camera}`,
        sentence: on
          ? `The pictures of ${camera} at ${site} arrive, but nothing has been recognised in them for ${span}, because the detector fails.`
          : `The detector of ${camera} at ${site} failed for ${span} and works again.`,
        consequence: "Nothing is counted there meanwhile; that time is shown as missing, not as an empty street.",
        action: "Have a technician run the box's self-test; a damaged model file is the usual cause.",
      };
    case "device-offline":
      return offline(alert, site, span);
    case "device-troubled":
      return deviceTroubled(alert, site, span);
    case "data-lost":
      return dataLost(alert, site);
    case "clock-wrong":
      return {
        title: `The clock of the box at ${site} is wrong`,
        sentence: on
          ? `The clock of box ${alert.place.device} at ${site} has been wrong for ${span}${
              alert.detail.trouble === "future-time" ? ": it sends times that lie ahead of us" : ""
            }.`
          : `The clock of box ${alert.place.device} at ${site} was wrong for ${span} and is right again.`,
        consequence: "What it measures cannot be placed in time; items from the future are set aside and not counted.",
        action: "Check that the box reaches a time server; if it does, its clock battery may be empty.",
      };
    case "device-doubled":
      return {
        title: `Two boxes call themselves ${alert.place.device}`,
        sentence: on
          ? `Two boxes use the id ${alert.place.device} of ${site} and throw each other out. It has been so for ${span}.`
          : `Two boxes used the id ${alert.place.device} of ${site} for ${span}; now there is one.`,
        consequence: "What both measure is mixed under one name, and each of them is cut off most of the time.",
        action:
          "Find the box that was set up as a copy, and give it an id of its own: device in its site file, and a credential for it.",
      };
    case "sensor-failed":
      return sensorFailed(alert, names.sensor(alert.place), site, span);
    case "air-warning":
      return airWarning(alert, site, span);
    default:
      return alert.kind satisfies never;
  }
}

function vehicleStopped(alert: Alert, zone: string, site: string, now: Instant): Telling {
  const { class: thing, dwell } = alert.detail;
  const what = typeof thing === "string" ? thing : "vehicle";
  const before = typeof dwell === "number" ? dwell : 0;
  const on = alert.condition === "active";
  const span = lasting((alert.last - before) as Instant, on ? now : (alert.cleared ?? alert.last));
  return {
    title: `A ${what} ${on ? "is standing" : "stood"} in ${zone}`,
    sentence: on
      ? `A ${what} has been standing in ${zone} at ${site} for ${span}, longer than is allowed there.`
      : `A ${what} stood in ${zone} at ${site} for ${span}, longer than is allowed there. It has gone, or is out of sight.`,
    consequence: "Others have to go round it; buses, cyclists or people crossing may be held up or put at risk.",
    action: on ? "Send someone to look, or mark as planned work." : "Acknowledge, so that it leaves the queue.",
  };
}

const cameraTroubles: Readonly<Record<string, readonly [title: string, what: string, action: string]>> = {
  unreachable: [
    "cannot be reached",
    "cannot be reached",
    "Check the camera's power and network cable, or mark as planned work.",
  ],
  "login-refused": [
    "refuses the login",
    "refuses the box's user and password",
    "Have a technician set the camera's login anew on the box.",
  ],
  "not-video": [
    "sends no video",
    "answers, but sends nothing that can be decoded as video",
    "Have a technician check the stream's address and its encoding; H.264 always works.",
  ],
  corrupt: [
    "sends broken pictures",
    "sends pictures that are broken on the way",
    "Check the network between camera and box; loss of packets is the usual cause.",
  ],
  stalled: [
    "sends no pictures",
    "is connected but sends no pictures",
    "Restart the camera. If it stalls again, send a technician.",
  ],
};

const noPictures = ["gives no pictures", "gives no pictures", "Have a technician look at the camera."] as const;

function cameraDown(alert: Alert, camera: string, site: string, span: string): Telling {
  const [title, what, action] = cameraTroubles[String(alert.detail.trouble)] ?? noPictures;
  return {
    title: `${camera} ${title}`,
    sentence:
      alert.condition === "active"
        ? `${camera} at ${site} ${what}. It has been so for ${span}.`
        : `${camera} at ${site} was out for ${span} and works again.`,
    consequence: "Nothing is counted there meanwhile; that time is shown as missing, not as an empty street.",
    action,
  };
}

function offline(alert: Alert, site: string, span: string): Telling {
  const box = `Box ${alert.place.device} at ${site}`;
  const { why } = alert.detail;
  const how =
    why === "silent"
      ? "has not said a word"
      : why === "stopped"
        ? "was switched off and has not come back"
        : "has lost its connection";
  return {
    title: `The box at ${site} ${alert.condition === "active" ? "is" : "was"} offline`,
    sentence:
      alert.condition === "active" ? `${box} ${how}, now for ${span}.` : `${box} was offline for ${span} and is back.`,
    consequence:
      alert.condition === "active"
        ? "Nothing of this place is known meanwhile. The box keeps what it measures and sends it when it is back, if it still has power."
        : "What it kept meanwhile is coming in and fills the gap.",
    action:
      alert.condition === "active"
        ? "Check power and mobile network at the place; send a technician if both are there."
        : "Acknowledge, so that it leaves the queue.",
  };
}

const deviceTroubles: Readonly<
  Record<string, readonly [title: string, on: string, consequence: string, action: string]>
> = {
  "disk-low": [
    "is running out of disk",
    "has hardly any room left on its disk",
    "When it is full, measurements that could not be sent yet are given up, the oldest first.",
    "See that the box is connected so that it can hand over what it keeps; then have a technician free some room.",
  ],
  hot: [
    "is too hot",
    "is running hot",
    "It slows down to protect itself: counts lose quality, and it may switch off.",
    "Have a technician check its fan and shade on the next round, sooner when it stays hot.",
  ],
  "outbox-full": [
    "can keep no more",
    "has filled the room it has for what could not be sent",
    "New measurements push out old ones, which are then lost and shown as missing.",
    "Get the box connected again; look for an alert about its network first.",
  ],
  "outbox-damaged": [
    "found its stored measurements damaged",
    "found its store of unsent measurements damaged and has begun a new one",
    "What had not been sent may be lost and is then shown as missing.",
    "Plan a new disk: storage that fails once fails again.",
  ],
};

function deviceTroubled(alert: Alert, site: string, span: string): Telling {
  const [title, on, consequence, action] = deviceTroubles[String(alert.detail.trouble)] ?? [
    "has a trouble",
    "reports a trouble",
    "What it measures may be incomplete.",
    "Have a technician run the box's self-test.",
  ];
  return {
    title: `The box at ${site} ${title}`,
    sentence:
      alert.condition === "active"
        ? `Box ${alert.place.device} at ${site} ${on}. It has been so for ${span}.`
        : `Box ${alert.place.device} at ${site} ${on}; that was so for ${span} and is over.`,
    consequence,
    action,
  };
}

const missing = "Nothing is measured by it meanwhile; that time is shown as missing, never as zero.";

type SensorWords = {
  readonly title: string;
  readonly is: (span: string) => string;
  readonly consequence: string;
  readonly action: string;
};

const sensorTroubles: Readonly<Record<string, SensorWords>> = {
  silent: {
    title: "says nothing",
    is: (span) => `has said nothing for ${span}: its cable or its power is the usual cause`,
    consequence: missing,
    action:
      "Check its cable and power, then its address and speed in the site file; send a technician if all are right.",
  },
  unplugged: {
    title: "cannot be reached",
    is: (span) => `has been out of reach of the box for ${span}: the line to it is not there or broke off`,
    consequence: missing,
    action: "Check its cable, plug and power, then its bus in the site file; the log of the box says what is missing.",
  },
  refused: {
    title: "is not understood",
    is: (span) => `has said nothing that can be taken for a measurement for ${span}`,
    consequence: missing,
    action: "Check that the profile in the site file is that of this sensor, and that its cable is whole.",
  },
  "cut-off": {
    title: "is cut off",
    is: (span) => `has given the same sample again and again for ${span}, as a microphone without a cable does`,
    consequence: "Its minutes are marked as bad meanwhile.",
    action: "Check the cable and supply of the microphone, and that nobody has muted it.",
  },
  busy: {
    title: "is held by another program",
    is: (span) => `has been held by another program on the box for ${span}, and only one can listen to it`,
    consequence: missing,
    action: "Have a technician find and end the other program on the box.",
  },
};

const noMeasurement: SensorWords = {
  title: "does not measure",
  is: (span) => `has not measured for ${span}`,
  consequence: missing,
  action: "Have a technician look at the sensor.",
};

function sensorFailed({ condition, detail }: Alert, sensor: string, site: string, span: string): Telling {
  const on = condition === "active";
  const { title, is, consequence, action } = sensorTroubles[String(detail.trouble)] ?? noMeasurement;
  const named = `sensor “${sensor}” at ${site}`;
  return {
    title: on ? `The ${named} ${title}` : `The ${named} failed for ${span}`,
    // It may measure again, or have been taken out of the site file: both end it.
    sentence: on ? `The ${named} ${is(span)}.` : `The ${named} did not measure for ${span}. That is over.`,
    consequence,
    action: on ? action : "Acknowledge, so that it leaves the queue.",
  };
}

const lossReasons: Readonly<Record<string, string>> = {
  "disk-full": "its disk was full before they could be sent",
  age: "they were too old before they could be sent",
  damaged: "its store of unsent measurements was damaged",
  "not-held": "it was asked for them again and again and does not have them",
};

function dataLost(alert: Alert, site: string): Telling {
  const { items, why } = alert.detail;
  const many = typeof items === "number" ? countOf(items, "measurement") : "An unknown number of measurements";
  const are = items === 1 || typeof items !== "number" ? "is" : "are";
  return {
    title: `Data of ${site} ${alert.occurrences > 1 ? "were lost again" : "were lost"}`,
    sentence: `${many} of box ${alert.place.device} at ${site} ${are} lost for good: ${lossReasons[String(why)] ?? "it no longer has them"}.`,
    consequence: "That time is shown as missing in every chart and export, never as zero.",
    action: "Acknowledge. If it happens again, find out why the box could not send for so long.",
  };
}

const pollutantNames: Readonly<Record<string, string>> = {
  pm25: "PM2.5",
  pm10: "PM10",
  o3: "Ozone",
  no2: "NO2",
  so2: "SO2",
};

function airWarning({ condition, detail }: Alert, site: string, span: string): Telling {
  const on = condition === "active";
  const name = pollutantNames[String(detail.pollutant)] ?? "A pollutant";
  const isAlert = detail.kind === "alert";
  const named = `${isAlert ? "alert" : "information"} threshold`;
  const limit =
    typeof detail.threshold === "number" ? `${named} of ${detail.threshold.toLocaleString("en-GB")} µg/m³` : named;
  const mean = detail.statistic === "day" ? "a daily mean" : "an hourly mean";
  const runs =
    typeof detail.length === "number" && typeof detail.peak === "number"
      ? `: up to ${detail.peak.toLocaleString("en-GB")} µg/m³ in the ${countOf(detail.length, detail.statistic === "day" ? "day" : "hour")} before this was noticed`
      : "";
  return {
    title: `${name} at ${site} ${on ? "is" : "was"} above the ${named}`,
    sentence: on
      ? `${name} at ${site} has ${mean} above the ${limit}${runs}. It has been so for ${span}.`
      : `${name} at ${site} had ${mean} above the ${limit} for ${span}. That is over.`,
    consequence: isAlert
      ? "The law asks that everybody is warned and short-term measures are looked at, where this holds for a whole zone or 100 km². The values are provisional."
      : "The law asks that people who are sensitive to it are told, where this holds for a whole zone or 100 km². The values are provisional.",
    action: on
      ? "Call the environmental officer, who checks the values and decides what the public is told."
      : "Acknowledge, so that it leaves the queue.",
  };
}

const again = ({ occurrences, kind }: Alert): string =>
  occurrences > 1 && kind !== "data-lost"
    ? ` This has happened ${numeral(occurrences)} since the alert was opened.`
    : "";

function where(place: Place, names: Names, site: string): string {
  const inside = [
    place.zone && names.zone(place),
    place.camera && names.camera(place),
    place.sensor && names.sensor(place),
  ].filter((n) => n !== undefined);
  return [site, ...inside].join(", ");
}

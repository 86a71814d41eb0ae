import {
  type Alert,
  type AlertWords,
  type Instant,
  type Place,
  roadClasses,
  type Sentence,
  say,
} from "@openkerb/contract";
import { counted, lasting, numeral } from "./phrases.ts";

/** What places are called; every function falls back to the id when nobody gave a name. */
export type Names = {
  site(place: Place): string;
  camera(place: Place): string;
  zone(place: Place): string;
  sensor(place: Place): string;
};

type Telling = {
  readonly sentence: Sentence;
  readonly title: Sentence;
  readonly consequence: Sentence;
  readonly action: Sentence;
};

/** Everything an operator reads about an alert, in plain words. `now` is for "for 4 minutes". */
export function wordsOf(alert: Alert, names: Names, now: Instant): AlertWords {
  const site = names.site(alert.place);
  const told = tell(alert, names, site, now);
  return { ...told, sentence: again(alert, told.sentence), where: where(alert.place, names, site) };
}

function tell(alert: Alert, names: Names, site: string, now: Instant): Telling {
  const camera = names.camera(alert.place);
  const { device } = alert.place;
  const on = alert.condition === "active";
  const span = lasting(alert.first, on ? now : (alert.cleared ?? alert.last));
  switch (alert.kind) {
    case "vehicle-stopped":
      return vehicleStopped(alert, names.zone(alert.place), site, now);
    case "camera-down":
      return cameraDown(alert, camera, site, span);
    case "camera-frozen":
      return {
        title: say("camera.frozen", { camera }),
        sentence: say(on ? "camera.frozen-on" : "camera.frozen-over", { camera, site, span }),
        consequence: say("alert.not-counted"),
        action: say("camera.frozen-action"),
      };
    case "camera-dark":
      return {
        title: say("camera.dark", { camera }),
        sentence: say(on ? "camera.dark-on" : "camera.dark-over", { camera, site, span }),
        consequence: say("alert.not-counted"),
        action: say("camera.dark-action"),
      };
    case "detector-failed":
      return {
        title: say("detector.failed", { camera }),
        sentence: say(on ? "detector.failed-on" : "detector.failed-over", { camera, site, span }),
        consequence: say("alert.not-counted"),
        action: say("detector.action"),
      };
    case "device-offline":
      return offline(alert, site, span);
    case "device-troubled":
      return deviceTroubled(alert, site, span);
    case "data-lost":
      return dataLost(alert, site);
    case "clock-wrong": {
      const ahead = alert.detail.trouble === "future-time";
      return {
        title: say("clock.wrong", { site }),
        sentence: say(on ? (ahead ? "clock.ahead" : "clock.wrong-on") : "clock.over", { device, site, span }),
        consequence: say("clock.consequence"),
        action: say("clock.action"),
      };
    }
    case "device-doubled":
      return {
        title: say("doubled.title", { device }),
        sentence: say(on ? "doubled.on" : "doubled.over", { device, site, span }),
        consequence: say("doubled.consequence"),
        action: say("doubled.action"),
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
  const what = say(`class.${roadClasses.find((one) => one === thing) ?? "vehicle"}`);
  const before = typeof dwell === "number" ? dwell : 0;
  const on = alert.condition === "active";
  const span = lasting((alert.last - before) as Instant, on ? now : (alert.cleared ?? alert.last));
  return {
    title: say(on ? "vehicle.stands" : "vehicle.stood", { what, zone }),
    sentence: say(on ? "vehicle.standing" : "vehicle.gone", { what, zone, site, span }),
    consequence: say("vehicle.consequence"),
    action: say(on ? "vehicle.action" : "alert.acknowledge"),
  };
}

const cameraTroubles = ["unreachable", "login-refused", "not-video", "corrupt", "stalled"] as const;

function cameraDown({ condition, detail }: Alert, camera: string, site: string, span: Sentence): Telling {
  const trouble = cameraTroubles.find((one) => one === detail.trouble) ?? "none";
  return {
    title: say(`camera.${trouble}`, { camera }),
    sentence:
      condition === "active"
        ? say("alert.so-for", { what: say(`camera.${trouble}-at`, { camera, site }), span })
        : say("camera.over", { camera, site, span }),
    consequence: say("alert.not-counted"),
    action: say(`camera.${trouble}-action`),
  };
}

function offline({ condition, detail, place: { device } }: Alert, site: string, span: Sentence): Telling {
  if (condition !== "active")
    return {
      title: say("box.was-offline", { site }),
      sentence: say("box.back", { device, site, span }),
      consequence: say("box.back-consequence"),
      action: say("alert.acknowledge"),
    };
  const how = detail.why === "silent" || detail.why === "stopped" ? detail.why : "lost";
  return {
    title: say("box.offline", { site }),
    sentence: say(`box.${how}`, { device, site, span }),
    consequence: say("box.offline-consequence"),
    action: say("box.offline-action"),
  };
}

const deviceTroubles = ["disk-low", "hot", "outbox-full", "outbox-damaged"] as const;

function deviceTroubled({ condition, detail, place: { device } }: Alert, site: string, span: Sentence): Telling {
  const trouble = deviceTroubles.find((one) => one === detail.trouble) ?? "trouble";
  const what = say(`box.${trouble}-on`, { device, site });
  return {
    title: say(`box.${trouble}`, { site }),
    sentence: say(condition === "active" ? "alert.so-for" : "box.over", { what, span }),
    consequence: say(`box.${trouble}-consequence`),
    action: say(`box.${trouble}-action`),
  };
}

const sensorTroubles = ["silent", "unplugged", "refused", "cut-off", "busy"] as const;

function sensorFailed({ condition, detail }: Alert, sensor: string, site: string, span: Sentence): Telling {
  const trouble = sensorTroubles.find((one) => one === detail.trouble) ?? "none";
  const consequence = say(trouble === "cut-off" ? "sensor.cut-off-consequence" : "sensor.missing");
  if (condition === "active")
    return {
      title: say(`sensor.${trouble}`, { sensor, site }),
      sentence: say(`sensor.${trouble}-on`, { sensor, site, span }),
      consequence,
      action: say(`sensor.${trouble}-action`),
    };
  return {
    title: say("sensor.failed", { sensor, site, span }),
    // It may measure again, or have been taken out of the site file: both end it.
    sentence: say("sensor.over", { sensor, site, span }),
    consequence,
    action: say("alert.acknowledge"),
  };
}

const lossReasons = ["disk-full", "age", "damaged", "not-held"] as const;

function dataLost({ detail: { items, why }, occurrences, place: { device } }: Alert, site: string): Telling {
  const known = typeof items === "number";
  return {
    title: say(occurrences > 1 ? "lost.title-again" : "lost.title", { site }),
    sentence: say(known && items !== 1 ? "lost.many" : "lost.one", {
      many: known ? counted(items, "measurement") : say("lost.unknown"),
      device,
      site,
      why: say(`lost.${lossReasons.find((one) => one === why) ?? "any"}`),
    }),
    consequence: say("lost.consequence"),
    action: say("lost.action"),
  };
}

const pollutants = ["pm25", "pm10", "o3", "no2", "so2", "co"] as const;
const written = (value: number): string => value.toLocaleString("en-GB");

/** Where a region has no thresholds of its own for warning, its index has levels; `detail.index` says whose. */
function indexWarning({ condition, detail }: Alert, site: string, span: Sentence): Telling {
  const on = condition === "active";
  const region = detail.index === "us" ? "us" : "cn";
  const kind = detail.kind === "alert" ? "alert" : "information";
  const about = {
    what: say(`metric.${pollutants.find((one) => one === detail.pollutant) ?? "any"}`),
    ...{ site, index: say(`air.${region}-aqi`), level: Number(detail.threshold) },
  };
  const length = counted(Number(detail.length ?? 1), "hour");
  return {
    title: say(on ? "air.index-is-above" : "air.index-was-above", about),
    sentence: on
      ? say("alert.so-for", { what: say("air.index-above", { ...about, peak: Number(detail.peak), length }), span })
      : say("air.index-over", { ...about, span }),
    consequence: say(`air.${region}-${kind}`),
    action: say(on ? "air.action" : "alert.acknowledge"),
  };
}

function airWarning(alert: Alert, site: string, span: Sentence): Telling {
  const { condition, detail } = alert;
  if (detail.index !== undefined) return indexWarning(alert, site, span);
  const on = condition === "active";
  const what = say(`metric.${pollutants.find((one) => one === detail.pollutant) ?? "any"}`);
  const kind = detail.kind === "alert" ? "alert" : "information";
  const unit = detail.statistic === "day" ? "day" : "hour";
  const threshold = say(`air.${kind}`);
  const limit =
    typeof detail.threshold === "number"
      ? say("air.threshold", { threshold, value: written(detail.threshold) })
      : threshold;
  const mean = say(`air.${unit}`);
  const above =
    typeof detail.length === "number" && typeof detail.peak === "number"
      ? say("air.above-with-peak", {
          ...{ what, site, mean, limit, peak: written(detail.peak) },
          length: counted(detail.length, unit),
        })
      : say("air.above", { what, site, mean, limit });
  return {
    title: say(on ? "air.is-above" : "air.was-above", { what, site, threshold }),
    sentence: on ? say("alert.so-for", { what: above, span }) : say("air.over", { what, site, mean, limit, span }),
    consequence: say(`air.${kind}-consequence`),
    action: say(on ? "air.action" : "alert.acknowledge"),
  };
}

const again = ({ occurrences, kind }: Alert, sentence: Sentence): Sentence =>
  occurrences > 1 && kind !== "data-lost" ? say("alert.again", { sentence, times: numeral(occurrences) }) : sentence;

function where(place: Place, names: Names, site: string): string {
  const inside = [
    place.zone && names.zone(place),
    place.camera && names.camera(place),
    place.sensor && names.sensor(place),
  ].filter((n) => n !== undefined);
  return [site, ...inside].join(", ");
}

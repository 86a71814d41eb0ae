import type { SiteView } from "@openkerb/contract";
import { checksOf, worst } from "../../box-check.ts";
import { texts } from "../../language/language.ts";
import { LightMark } from "../../parts/icons.tsx";
import { useNow } from "../../parts/live.tsx";
import { useDevices } from "../../queries.ts";
import { Link } from "../../use-route.tsx";
import { age, rough, troubleWords } from "../../words.ts";
import * as said from "./texts.ts";

/** How the cameras of a place are, in one line that leads to their box. */
export function CameraStrip({ site }: { site: SiteView }) {
  const now = useNow();
  const say = texts(said).camera;
  const devices = useDevices();
  const device = devices.data?.find((d) => d.device === site.device);
  if (!device) return <p className="strip muted">{devices.data ? say.notReported : "\u00a0"}</p>;
  const to = { door: "boxes", device: site.device, range: "1h" } as const;
  const stale = device.state !== "online" || device.heard === undefined || now - device.heard > 120_000;
  if (stale || !device.health)
    return (
      <p className="strip">
        <LightMark light={device.state === "online" && !device.health ? "amber" : "red"} />
        <Link to={to}>{say.box(device.device)}</Link>
        <span className="muted">
          {device.state === "online"
            ? say.noHealth
            : (device.state === "stopped" ? say.stopped : say.lost)(age(device.since, now))}
        </span>
      </p>
    );
  const checks = checksOf(device, site, now);
  return (
    <p className="strip">
      {device.health.cameras.map((camera) => {
        const name = site.cameras.find((c) => c.id === camera.id)?.name ?? camera.id;
        const light = worst(checks.filter((c) => c.name === name));
        const words =
          camera.state === "watching"
            ? say.watching(rough(camera.fps))
            : camera.state === "starting"
              ? say.starting
              : troubleWords(camera.state).is;
        return (
          <span key={camera.id}>
            <LightMark light={light} />
            <Link to={to}>{name}</Link> <span className="muted">{words}</span>
          </span>
        );
      })}
    </p>
  );
}

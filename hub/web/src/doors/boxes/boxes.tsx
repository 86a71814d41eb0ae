import type { DeviceView, SiteView } from "@openkerb/contract";
import { useEffect } from "react";
import { checksOf, type Light, worst } from "../../box-check.ts";
import { LightMark } from "../../parts/icons.tsx";
import { Ago, useNow, useScreen } from "../../parts/live.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useDevices, useSites } from "../../queries.ts";
import type { Route } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { counted, rough, whole } from "../../words.ts";
import { BoxPane } from "./box-pane.tsx";

export type BoxesRoute = Extract<Route, { door: "boxes" }>;

/** The technicians' door: which box needs care, and is this one good? */
export function Boxes({ route }: { route: BoxesRoute }) {
  const devices = useDevices();
  const sites = useSites();
  const screen = useScreen();
  useEffect(() => {
    for (const device of devices.data ?? []) screen.device(device);
  }, [devices.data, screen]);
  return (
    <Answer of={devices} what="The boxes">
      {(all) => {
        const known = sites.data ?? [];
        if (route.device === undefined) return <BoxList devices={all} sites={known} />;
        const device = all.find((d) => d.device === route.device);
        return (
          <BoxPane
            key={route.device}
            id={route.device}
            device={device}
            site={known.find((s) => s.device === route.device)}
            route={route}
          />
        );
      }}
    </Answer>
  );
}

const order: Record<Light, number> = { red: 0, amber: 1, grey: 2, green: 3 };

function BoxList({ devices, sites }: { devices: readonly DeviceView[]; sites: readonly SiteView[] }) {
  const now = useNow();
  if (devices.length === 0)
    return (
      <Notice title="No box has reported yet">
        <p>
          A box appears here when its agent says hello: <code>openkerb agent --site site.yaml --hub mqtt://…</code>
        </p>
      </Notice>
    );
  const rows = devices
    .map((device) => {
      const site = sites.find((s) => s.device === device.device);
      const checks = checksOf(device, site, now);
      const light = worst(checks);
      const first = checks.find((c) => c.light === light && light !== "green");
      return { device, site, light, first };
    })
    .sort((a, b) => order[a.light] - order[b.light] || (a.device.device < b.device.device ? -1 : 1));
  const bad = rows.filter((r) => r.light === "red" || r.light === "amber").length;
  return (
    <div className="pane">
      <h1>Boxes</h1>
      <p className="lead muted">
        {bad === 0
          ? `${counted(rows.length, "box", "boxes")}, ${rows.length === 1 ? "and it is well" : "all well"}.`
          : `${bad} of ${counted(rows.length, "box", "boxes")} ${bad === 1 ? "needs" : "need"} care; the worst comes first.`}
      </p>
      <ul className="boxes">
        {rows.map(({ device, site, light, first }) => (
          <li key={device.device}>
            <Link to={{ door: "boxes", device: device.device, range: "1h" }} className="box-row">
              <LightMark light={light} />
              <span className="box-name">
                <strong>{device.device}</strong>
                <span className="muted">{site?.name ?? device.site}</span>
              </span>
              <span className="box-why">{first ? `${first.name}: ${first.value}` : "All checks green"}</span>
              <Figures device={device} />
              <span className="box-heard muted">
                {device.heard === undefined ? (
                  "never heard"
                ) : (
                  <>
                    heard <Ago at={device.heard} />
                  </>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Figures({ device: { health, state } }: { device: DeviceView }) {
  // What a silent box last said is history, not how it is.
  if (state !== "online") return <span className="box-figures muted">nothing since</span>;
  if (!health) return <span className="box-figures muted">no health yet</span>;
  const watching = health.cameras.filter((c) => c.state === "watching");
  const fps = watching.reduce((sum, c) => sum + c.fps, 0);
  return (
    <span className="box-figures">
      <span>
        {watching.length} of {counted(health.cameras.length, "camera")}
      </span>
      <span>{rough(fps)} frames/s</span>
      <span>{health.outbox.depth === 0 ? "outbox empty" : `${whole(health.outbox.depth)} in the outbox`}</span>
    </span>
  );
}

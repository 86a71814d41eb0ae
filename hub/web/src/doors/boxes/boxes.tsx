import type { DeviceView, SiteView } from "@openkerb/contract";
import { useEffect } from "react";
import { checksOf, type Light, worst } from "../../box-check.ts";
import { texts } from "../../language/language.ts";
import { LightMark } from "../../parts/icons.tsx";
import { Ago, useNow, useScreen } from "../../parts/live.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useDevices, useSites } from "../../queries.ts";
import type { Route } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { rough, whole } from "../../words.ts";
import { BoxPane } from "./box-pane.tsx";
import * as said from "./texts.ts";

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
    <Answer of={devices} what={texts(said).boxes}>
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
  const say = texts(said);
  if (devices.length === 0)
    return (
      <Notice whole title={say.none}>
        <p>
          {say.noneWhy} <code>openkerb agent --site site.yaml --hub mqtt://…</code>
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
      <h1>{say.title}</h1>
      <p className="lead muted">{bad === 0 ? say.allWell(rows.length) : say.needCare(bad, rows.length)}</p>
      <ul className="boxes">
        {rows.map(({ device, site, light, first }) => (
          <li key={device.device}>
            <Link to={{ door: "boxes", device: device.device, range: "1h" }} className="box-row">
              <LightMark light={light} />
              <span className="box-name">
                <strong>{device.device}</strong>
                <span className="muted">{site?.name ?? device.site}</span>
              </span>
              <span className="box-why">{first ? say.why(first.name, first.value) : say.allGreen}</span>
              <Figures device={device} />
              <span className="box-heard muted">
                {device.heard === undefined ? (
                  say.neverHeard
                ) : (
                  <>
                    {say.heard} <Ago at={device.heard} />
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
  const say = texts(said);
  // What a silent box last said is history, not how it is.
  if (state !== "online") return <span className="box-figures muted">{say.nothingSince}</span>;
  if (!health) return <span className="box-figures muted">{say.noHealth}</span>;
  const watching = health.cameras.filter((c) => c.state === "watching");
  const fps = watching.reduce((sum, c) => sum + c.fps, 0);
  return (
    <span className="box-figures">
      <span>{say.cameras(watching.length, health.cameras.length)}</span>
      <span>{say.fps(rough(fps))}</span>
      <span>{say.outbox(health.outbox.depth, whole(health.outbox.depth))}</span>
    </span>
  );
}

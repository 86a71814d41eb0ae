import type { DeviceView, SiteView } from "@openkerb/contract";
import { type Check, checksOf, type Light, worst } from "../../box-check.ts";
import { texts } from "../../language/language.ts";
import { BackIcon, LightMark } from "../../parts/icons.tsx";
import { Ago, useNow } from "../../parts/live.tsx";
import { Notice } from "../../parts/states.tsx";
import { desk } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { BoxCharts } from "./box-charts.tsx";
import type { BoxesRoute } from "./boxes.tsx";
import * as said from "./texts.ts";

type Props = {
  readonly id: string;
  readonly device: DeviceView | undefined;
  readonly site: SiteView | undefined;
  readonly route: BoxesRoute;
};

/** One box: what a technician reads out at the pole, then its hour in charts. */
export function BoxPane({ id, device, site, route }: Props) {
  const now = useNow();
  const say = texts(said);
  const back = (
    <Link to={{ door: "boxes", device: undefined, range: "1h" }} className="back">
      <BackIcon /> {say.back}
    </Link>
  );
  if (!device)
    return (
      <div className="pane">
        {back}
        <Notice whole title={say.unknown(id)}>
          <p>{site ? say.unknownNamed(site.name) : say.unknownWhy}</p>
        </Notice>
      </div>
    );
  const checks = checksOf(device, site, now);
  const light = worst(checks);
  return (
    <div className="pane">
      {back}
      <header className="box-head">
        <LightMark light={light} />
        <div>
          <h1>{device.device}</h1>
          <p className="muted">
            {site ? <Link to={{ ...desk, site: site.site }}>{site.name}</Link> : device.site}
            {device.software && <span> · {say.software(device.software)}</span>}
            {device.config && (
              <span>
                {" "}
                · {say.config} <code>{device.config}</code>
              </span>
            )}
          </p>
        </div>
      </header>
      <p className="verdict">
        {verdict(light, checks)}
        {device.heard !== undefined && (
          <span className="muted">
            {" "}
            {say.lastReport} <Ago at={device.heard} />
          </span>
        )}
      </p>
      <ul className="checks" aria-label={say.checklist}>
        {checks.map((check) => (
          <CheckRow key={check.name} check={check} />
        ))}
      </ul>
      <BoxCharts device={device} site={site} range={route.range} />
    </div>
  );
}

function verdict(light: Light, checks: readonly Check[]): string {
  const bad = checks.filter((c) => c.light === light).length;
  const say = texts(said).verdict;
  return light === "amber" || light === "red" ? say[light](bad) : say[light];
}

function CheckRow({ check }: { check: Check }) {
  return (
    <li className={`check ${check.light}`}>
      <LightMark light={check.light} />
      <span className="check-name">{check.name}</span>
      <span className="check-value">{check.value}</span>
      <span className="check-reason muted">{check.reason}</span>
      {check.next && <span className="check-next">{check.next}</span>}
    </li>
  );
}

import type { SiteView } from "@openkerb/contract";
import { ToggleButton } from "react-aria-components";
import { texts } from "../../language/language.ts";
import { BackIcon } from "../../parts/icons.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Failed } from "../../parts/states.tsx";
import { useAlerts } from "../../queries.ts";
import { desk } from "../../route.ts";
import { useStreetCounts } from "../../use-counts.ts";
import { go, Link } from "../../use-route.tsx";
import { clock, percent } from "../../words.ts";
import { CameraStrip } from "./camera-strip.tsx";
import type { DeskRoute } from "./desk.tsx";
import { LineCharts } from "./line-charts.tsx";
import { LineTable } from "./line-table.tsx";
import { RecentSteps } from "./recent-steps.tsx";
import * as said from "./texts.ts";
import { ZoneTable } from "./zone-table.tsx";

/** One place as it is now: its cameras, its plan, what crosses its lines, and the last hour. */
export function StreetPane({ site, route, several }: { site: SiteView; route: DeskRoute; several: boolean }) {
  const say = texts(said).street;
  const counts = useStreetCounts(site.site, route.range);
  const alerts = (useAlerts("open").data ?? []).filter(
    (v) => v.alert.place.site === site.site && v.alert.condition === "active" && v.alert.closed === undefined,
  );
  const hasLines = site.cameras.some((c) => c.lines.length > 0);
  return (
    <div className="pane street">
      {several && (
        <Link to={{ ...desk, queue: route.queue, range: route.range, plan: route.plan }} className="back">
          <BackIcon /> {say.all}
        </Link>
      )}
      <header className="street-head">
        <div>
          <h1>{site.name}</h1>
          <CameraStrip site={site} />
        </div>
        <ToggleButton
          className="button"
          isSelected={route.plan}
          onChange={(plan) => go({ ...route, plan }, { replace: true })}
        >
          {say.plan}
        </ToggleButton>
      </header>
      {counts.error && counts.loading ? (
        <Failed what={say.counts} error={counts.error} again={counts.again} />
      ) : (
        <>
          <div className={`street-now ${route.plan ? "with-plan" : ""}`}>
            <div className="street-plan">
              {route.plan ? <Plan site={site} alerts={alerts} /> : <ZoneTable site={site} />}
              <RecentSteps site={site} />
            </div>
            <section className="street-list" aria-label={say.countsToday}>
              <header className="section-head">
                <h2>{say.today}</h2>
                <span className="muted">
                  {counts.loading
                    ? ""
                    : counts.watched === undefined
                      ? say.firstMinute
                      : say.watchedSince(percent(counts.watched.share), clock(counts.watched.since))}
                </span>
              </header>
              <LineTable site={site} counts={counts} />
              {route.plan && <ZoneTable site={site} />}
            </section>
          </div>
          {hasLines && <LineCharts site={site} range={route.range} counts={counts} />}
        </>
      )}
    </div>
  );
}

import type { Session } from "@openkerb/contract";
import { type AirPage, type AirRoute, air } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { ColocationPage } from "./colocation/colocation.tsx";
import { Compare } from "./compare/compare.tsx";
import { ForecastPage } from "./forecast/forecast.tsx";
import { LedgerPage } from "./ledger/ledger.tsx";
import { NoisePage } from "./noise/noise.tsx";
import { useStations } from "./parts/air-asks.ts";
import { useTexts } from "./parts/language.ts";
import { PlaceOffset } from "./parts/speech.ts";
import { AirAnswer } from "./parts/states.tsx";
import { Report } from "./report/report.tsx";
import { ReviewPage } from "./review/review.tsx";
import { Station } from "./station/station.tsx";
import { Stations } from "./stations/stations.tsx";
import * as texts from "./texts.ts";

/** The pages that have a tab; a station and a report are reached from where they are about. */
const tabs: readonly AirPage[] = ["stations", "compare", "ledger", "review", "colocation", "noise", "forecast"];

/** The officers' door: is the air within the law, and can I prove it? */
export function Air({ route, session }: { route: AirRoute; session: Session }) {
  const t = useTexts(texts);
  // Nothing here can be told before it is known by whose clock.
  const stations = useStations();
  return (
    <div className="air">
      <nav className="air-tabs" aria-label={t.pages}>
        {tabs.map((page) => (
          <Link
            key={page}
            to={air(page, route.asked.site === undefined || page === "stations" ? {} : { site: route.asked.site })}
            className="air-tab"
            aria-current={route.page === page || (page === "stations" && route.page === "station") ? "page" : undefined}
          >
            {t.tabs[page]}
          </Link>
        ))}
      </nav>
      {stations.data ? (
        <PlaceOffset value={stations.data.utcOffset}>
          <Page route={route} session={session} />
        </PlaceOffset>
      ) : (
        <div className="pane">
          <AirAnswer of={stations} what={t.tabs.stations}>
            {() => null}
          </AirAnswer>
        </div>
      )}
    </div>
  );
}

function Page({ route, session }: { route: AirRoute; session: Session }) {
  switch (route.page) {
    case "stations":
      return <Stations route={route} />;
    case "station":
      return <Station key={route.id} site={route.id ?? ""} route={route} />;
    case "compare":
      return <Compare route={route} />;
    case "report":
      return <Report route={route} session={session} />;
    case "ledger":
      return <LedgerPage route={route} session={session} />;
    case "review":
      return <ReviewPage route={route} session={session} />;
    case "colocation":
      return <ColocationPage route={route} session={session} />;
    case "noise":
      return <NoisePage route={route} session={session} />;
    case "forecast":
      return <ForecastPage route={route} session={session} />;
    default:
      return route.page satisfies never;
  }
}

import { type AirStation, apiRoot } from "@openkerb/contract";
import { useState } from "react";
import { Ago } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { type AirRoute, air } from "../../../route.ts";
import { Link } from "../../../use-route.tsx";
import { useStations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { FlagMark } from "../parts/marks.tsx";
import { figure, metricName, unitName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import { IndexBadge } from "../station/index-card.tsx";
import { StationMap } from "./station-map.tsx";
import * as texts from "./texts.ts";

/** What is shown of a place in a line, the most asked for first. */
const told = ["pm25", "pm10", "no2", "o3", "so2", "co", "laeq"] as const;

/** Every place with sensors, on a plan and in a list. */
export function Stations({ route }: { route: AirRoute }) {
  const t = useTexts(texts);
  const stations = useStations();
  const [pointed, point] = useState<string | undefined>(undefined);
  return (
    <div className="pane air-page">
      <h1>{t.title}</h1>
      <AirAnswer of={stations} what={t.stations}>
        {({ stations: all }) =>
          all.length === 0 ? (
            <Notice title={t.none}>
              <p>{t.noneWhy}</p>
              <p>
                <code>{t.recipe}</code>
              </p>
            </Notice>
          ) : (
            <>
              <p className="lead muted">{t.lead(all.length)}</p>
              <div className="air-places">
                <ul className="air-list" aria-label={t.list}>
                  {all.map((station) => (
                    <li
                      key={station.site}
                      className={pointed === station.site || route.asked.site === station.site ? "pointed" : ""}
                    >
                      <PlaceRow station={station} point={point} />
                    </li>
                  ))}
                </ul>
                <section aria-label={t.map}>
                  <StationMap stations={all} pointed={pointed} point={point} />
                  <p className="air-links">
                    <a href={`${apiRoot}/air/export.geojson`} download>
                      {t.export}
                    </a>
                  </p>
                </section>
              </div>
            </>
          )
        }
      </AirAnswer>
    </div>
  );
}

function PlaceRow({ station, point }: { station: AirStation; point: (site?: string) => void }) {
  const language = useLanguage();
  const say = useSpeech();
  const t = useTexts(texts);
  const latest = told.flatMap((metric) => {
    const found = station.channels.find((c) => c.channel.metric === metric && c.latest);
    return found?.latest ? [{ ...found.latest, ...found.channel }] : [];
  });
  const last = station.channels.reduce((at, c) => Math.max(at, c.latest?.at ?? 0), 0);
  return (
    <Link
      to={air("station", {}, station.site)}
      className="air-row"
      onMouseEnter={() => point(station.site)}
      onMouseLeave={() => point()}
      onFocus={() => point(station.site)}
      onBlur={() => point()}
    >
      <span className="air-row-name">
        <strong>{station.name}</strong>
        <span className="muted">{last === 0 ? "" : <Ago at={last} />}</span>
      </span>
      <IndexBadge site={station.site} none={t.noIndex} />
      <span className="air-row-values">
        {latest.map(({ metric, value, unit, quality }) => (
          <span key={metric}>
            {metricName(language, metric)} <strong>{figure(value, say)}</strong>{" "}
            <span className="muted">{unitName(unit)}</span>
            {quality !== 1 && <FlagMark flag={quality} />}
          </span>
        ))}
      </span>
    </Link>
  );
}

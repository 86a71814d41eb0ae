import type { AirStation } from "@openkerb/contract";
import { air } from "../../../route.ts";
import { go } from "../../../use-route.tsx";
import { useTexts } from "../parts/language.ts";
import * as texts from "./texts.ts";

type Placed = AirStation & { readonly position: NonNullable<AirStation["position"]> };
const isPlaced = (station: AirStation): station is Placed => station.position !== undefined;
const kilometresPerDegree = 111.32;

/** The largest of 1, 2, 5, 10 … (and tenths) kilometres that is not above `km`. */
function roundBelow(km: number): number {
  const power = 10 ** Math.floor(Math.log10(km));
  return ([5, 2, 1].find((f) => f * power <= km) ?? 1) * power;
}

/**
 * Places by their coordinates, true to scale, for a city without map tiles. A place is a button as in the list; the one
 * that is pointed at there stands out here.
 */
export function StationMap({
  stations,
  pointed,
  point,
}: {
  stations: readonly AirStation[];
  pointed: string | undefined;
  point: (site?: string) => void;
}) {
  const t = useTexts(texts);
  const placed = stations.filter(isPlaced);
  if (placed.length === 0) return <p className="muted">{t.unplaced(stations.length)}</p>;
  const latitudes = placed.map((s) => s.position.latitude);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const east = (s: Placed): number => s.position.longitude * Math.cos((middle * Math.PI) / 180) * kilometresPerDegree;
  const north = (s: Placed): number => s.position.latitude * kilometresPerDegree;
  const [west, south] = [Math.min(...placed.map(east)), Math.min(...placed.map(north))];
  // A single place is shown in a square kilometre.
  const across = Math.max(1, Math.max(...placed.map(east)) - west, (Math.max(...placed.map(north)) - south) * 1.6);
  const [width, height] = [480, 300];
  const scale = (width - 120) / across;
  const x = (s: Placed): number => width / 2 + (east(s) - west - (Math.max(...placed.map(east)) - west) / 2) * scale;
  const y = (s: Placed): number =>
    height / 2 - (north(s) - south - (Math.max(...placed.map(north)) - south) / 2) * scale;
  const bar = roundBelow(across / 3);
  return (
    <figure className="air-map">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is a drawing with links in it */}
      <svg viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t.mapWords}>
        <g className="air-map-grid">
          {[1, 2, 3].map((i) => (
            <path key={i} d={`M0 ${(height * i) / 4}H${width}M${(width * i) / 4} 0V${height}`} />
          ))}
        </g>
        {placed.map((s) => (
          // biome-ignore lint/a11y/useSemanticElements: a link cannot stand in a drawing without losing its name in some readers
          <g
            key={s.site}
            role="link"
            tabIndex={0}
            aria-label={s.name}
            className={`air-map-place ${pointed === s.site ? "pointed" : ""}`}
            transform={`translate(${x(s).toFixed(1)} ${y(s).toFixed(1)})`}
            onClick={() => go(air("station", {}, s.site))}
            onKeyDown={(event) => event.key === "Enter" && go(air("station", {}, s.site))}
            onMouseEnter={() => point(s.site)}
            onMouseLeave={() => point()}
            onFocus={() => point(s.site)}
            onBlur={() => point()}
          >
            <circle r="7" />
            <text x="12" y="4">
              {s.name}
            </text>
          </g>
        ))}
        <g className="air-map-bar" transform={`translate(16 ${height - 16})`}>
          <path d={`M0 -4V0H${(bar * scale).toFixed(1)}V-4`} />
          <text x={(bar * scale) / 2} y="-6" textAnchor="middle">
            {t.kilometres(String(bar))}
          </text>
        </g>
        <path className="air-map-north" d={`M${width - 24} 40V16m-5 6l5-8 5 8`} />
      </svg>
      {placed.length < stations.length && (
        <figcaption className="muted">{t.unplaced(stations.length - placed.length)}</figcaption>
      )}
    </figure>
  );
}

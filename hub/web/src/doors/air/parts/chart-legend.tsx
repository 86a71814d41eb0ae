import type { TimeData } from "./time-chart.tsx";

/** What each line of a chart is, below it. A limit is found again by its value, which stands at the end of its line. */
export function ChartLegend({
  data: { lines, band, levels = [] },
}: {
  data: Pick<TimeData, "lines" | "band" | "levels">;
}) {
  return (
    <ul className="air-legend chart-legend">
      {lines.map((l) => (
        <li key={l.name}>
          <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
            <path className={`legend-line${l.ink === "soft" ? " soft" : ""}${l.dash ? " dash" : ""}`} d="M0 4h24" />
          </svg>
          {l.name}
        </li>
      ))}
      {band && (
        <li>
          <svg viewBox="0 0 24 12" width="24" height="12" aria-hidden="true">
            <path className="legend-band" d="M0 0h24v12H0z" />
          </svg>
          {band.name}
        </li>
      )}
      {levels.map(({ name }) => (
        <li key={name}>
          <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
            <path className="legend-line level" d="M0 4h24" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

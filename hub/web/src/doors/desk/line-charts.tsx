import type { SiteView } from "@openkerb/contract";
import { Chart } from "../../parts/chart.tsx";
import type { Range } from "../../route.ts";
import type { StreetCounts } from "../../use-counts.ts";

const per: Record<Range, string> = { "1h": "minute", today: "hour", "24h": "hour", "7d": "hour" };

/** The lines over time on one time axis: in above, out below, unwatched time hatched. */
export function LineCharts({ site, range, counts }: { site: SiteView; range: Range; counts: StreetCounts }) {
  const lines = site.cameras.flatMap((c) => c.lines);
  return (
    <section className="charts" aria-label="Counts over time">
      <header className="section-head">
        <h2>Per {per[range]}</h2>
        <span className="muted legend">
          <span className="swatch up" /> in <span className="swatch down" /> out <span className="swatch hatch" /> not
          watched
        </span>
      </header>
      {lines.map((line) => {
        const s = counts.series(line.id);
        const series = [
          { name: "in", values: s.in, draw: "up" as const },
          { name: "out", values: s.out, draw: "down" as const },
        ];
        const data = { at: s.at, series, watched: s.watched, span: s.span, from: s.from, to: s.to };
        return (
          <Chart
            key={line.id}
            label={line.name}
            title={`steps per ${per[range]}`}
            data={data}
            height={112}
            sync="street"
          />
        );
      })}
    </section>
  );
}

import type { SiteView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { Chart } from "../../parts/chart.tsx";
import type { Range } from "../../route.ts";
import type { StreetCounts } from "../../use-counts.ts";
import { wayName } from "../../words.ts";
import * as said from "./texts.ts";

/** The lines over time on one time axis: in above, out below, unwatched time hatched. */
export function LineCharts({ site, range, counts }: { site: SiteView; range: Range; counts: StreetCounts }) {
  const say = texts(said).street;
  const lines = site.cameras.flatMap((c) => c.lines);
  return (
    <section className="charts" aria-label={say.overTime}>
      <header className="section-head">
        <h2>{say.per[range]}</h2>
        <span className="muted legend">
          <span className="swatch up" /> {wayName("in")} <span className="swatch down" /> {wayName("out")}{" "}
          <span className="swatch hatch" /> {say.notWatched}
        </span>
      </header>
      {lines.map((line) => {
        const s = counts.series(line.id);
        const series = [
          { name: wayName("in"), values: s.in, draw: "up" as const },
          { name: wayName("out"), values: s.out, draw: "down" as const },
        ];
        const data = { at: s.at, series, watched: s.watched, span: s.span, from: s.from, to: s.to };
        return (
          <Chart key={line.id} label={line.name} title={say.stepsPer[range]} data={data} height={112} sync="street" />
        );
      })}
    </section>
  );
}

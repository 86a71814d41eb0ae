import type { SiteView } from "@openkerb/contract";
import { cutAt } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { useNow } from "../../parts/live.tsx";
import { TableHead } from "../../parts/table-head.tsx";
import { useCounts } from "../../queries.ts";
import { className, clock, rough } from "../../words.ts";
import * as said from "./texts.ts";

const hour = 3_600_000;

/** Who was in each zone in the last minute that has been counted. */
export function ZoneTable({ site }: { site: SiteView }) {
  const now = useNow();
  const say = texts(said).street;
  const bins = useCounts(site.site, "minute", cutAt(now) - hour).data?.bins ?? [];
  const zones = site.cameras.flatMap((c) => c.zones);
  const bin = bins.findLast((b) => b.watched > 0);
  if (zones.length === 0) return null;
  return (
    <section className="zones" aria-label={say.zones}>
      <header className="section-head">
        <h2>{say.zones}</h2>
        <span className="muted">{bin ? say.inMinute(clock(bin.from, now)) : say.firstFigures}</span>
      </header>
      <table className="lines">
        <TableHead columns={[say.zone, { number: say.average }, { number: say.most }]} />
        {zones.map((zone) => {
          const seen = bin?.zones.filter((z) => z.zone === zone.id) ?? [];
          return (
            <tbody key={zone.id}>
              <tr className="line-row">
                <th scope="rowgroup">{zone.name}</th>
                <td className="number">{bin ? (seen.length === 0 ? say.empty : "") : "–"}</td>
                <td className="number">{bin ? "" : "–"}</td>
              </tr>
              {seen.map((z) => (
                <tr key={z.class} className="class-row">
                  <th scope="row">{className(z.class).many}</th>
                  <td className="number">{rough(z.mean)}</td>
                  <td className="number">{z.max}</td>
                </tr>
              ))}
            </tbody>
          );
        })}
      </table>
    </section>
  );
}

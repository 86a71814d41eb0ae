import type { SiteView } from "@openkerb/contract";
import { cutAt } from "../../counts.ts";
import { useNow } from "../../parts/live.tsx";
import { useCounts } from "../../queries.ts";
import { classNames, clock, rough } from "../../words.ts";

const hour = 3_600_000;

/** Who was in each zone in the last minute that has been counted. */
export function ZoneTable({ site }: { site: SiteView }) {
  const now = useNow();
  const bins = useCounts(site.site, "minute", cutAt(now) - hour).data?.bins ?? [];
  const zones = site.cameras.flatMap((c) => c.zones);
  const bin = bins.findLast((b) => b.watched > 0);
  if (zones.length === 0) return null;
  return (
    <section className="zones" aria-label="In the zones">
      <header className="section-head">
        <h2>In the zones</h2>
        <span className="muted">
          {bin ? `in the minute from ${clock(bin.from, now)}` : "first figures within a minute"}
        </span>
      </header>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Zone</th>
            <th scope="col" className="number">
              On average
            </th>
            <th scope="col" className="number">
              At most
            </th>
          </tr>
        </thead>
        {zones.map((zone) => {
          const seen = bin?.zones.filter((z) => z.zone === zone.id) ?? [];
          return (
            <tbody key={zone.id}>
              <tr className="line-row">
                <th scope="rowgroup">{zone.name}</th>
                <td className="number">{bin ? (seen.length === 0 ? "empty" : "") : "–"}</td>
                <td className="number">{bin ? "" : "–"}</td>
              </tr>
              {seen.map((z) => (
                <tr key={z.class} className="class-row">
                  <th scope="row">{classNames[z.class].many}</th>
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

import type { SiteView } from "@openkerb/contract";
import { sumOf } from "../../counts.ts";
import { Tick } from "../../parts/tick.tsx";
import { desk } from "../../route.ts";
import { useStreetCounts } from "../../use-counts.ts";
import { Link } from "../../use-route.tsx";
import { CameraStrip } from "./camera-strip.tsx";
import type { DeskRoute } from "./desk.tsx";

/** Every place of the city with what crosses its lines today. */
export function PlaceList({ sites, route }: { sites: readonly SiteView[]; route: DeskRoute }) {
  return (
    <div className="pane">
      <h1>All places</h1>
      <ul className="places">
        {sites.map((site) => (
          <PlaceRow key={site.site} site={site} route={route} />
        ))}
      </ul>
    </div>
  );
}

function PlaceRow({ site, route }: { site: SiteView; route: DeskRoute }) {
  const counts = useStreetCounts(site.site, "1h");
  return (
    <li className="place">
      <h2>
        <Link to={{ ...desk, site: site.site, queue: route.queue, range: route.range, plan: route.plan }}>
          {site.name}
        </Link>
      </h2>
      <CameraStrip site={site} />
      <dl className="place-lines">
        {site.cameras
          .flatMap((c) => c.lines)
          .map((line) => {
            const sum = sumOf(counts.today.get(line.id));
            return (
              <div key={line.id}>
                <dt>{line.name}</dt>
                <dd>
                  <Tick value={sum.in} name={`${line.id} in`} /> in, <Tick value={sum.out} name={`${line.id} out`} />{" "}
                  out
                </dd>
              </div>
            );
          })}
      </dl>
    </li>
  );
}

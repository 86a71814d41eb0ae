import type { SiteView } from "@openkerb/contract";
import { sumOf } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { Tick } from "../../parts/tick.tsx";
import { desk } from "../../route.ts";
import { useStreetCounts } from "../../use-counts.ts";
import { Link } from "../../use-route.tsx";
import { CameraStrip } from "./camera-strip.tsx";
import type { DeskRoute } from "./desk.tsx";
import * as said from "./texts.ts";

/** Every place of the city with what crosses its lines today. */
export function PlaceList({ sites, route }: { sites: readonly SiteView[]; route: DeskRoute }) {
  return (
    <div className="pane">
      <h1>{texts(said).street.all}</h1>
      <ul className="places">
        {sites.map((site, i) => (
          <PlaceRow key={site.site} site={site} route={route} counted={i < countedPlaces} />
        ))}
      </ul>
    </div>
  );
}

/** So many places are counted in the list; beyond it the list is long and each count is a question to the hub. */
const countedPlaces = 24;

type RowProps = { readonly site: SiteView; readonly route: DeskRoute; readonly counted: boolean };

function PlaceRow({ site, route, counted }: RowProps) {
  return (
    <li className="place">
      <h2>
        <Link to={{ ...desk, site: site.site, queue: route.queue, range: route.range, plan: route.plan }}>
          {site.name}
        </Link>
      </h2>
      <CameraStrip site={site} />
      {counted && <PlaceLines site={site} />}
    </li>
  );
}

function PlaceLines({ site }: { site: SiteView }) {
  const counts = useStreetCounts(site.site, "1h");
  const say = texts(said).street;
  return (
    <dl className="place-lines">
      {site.cameras
        .flatMap((c) => c.lines)
        .map((line) => {
          const sum = sumOf(counts.today.get(line.id));
          return (
            <div key={line.id}>
              <dt>{line.name}</dt>
              <dd>
                <Tick value={sum.in} name={`${line.id} in`} />
                {say.inOut("in")}
                <Tick value={sum.out} name={`${line.id} out`} />
                {say.inOut("out")}
              </dd>
            </div>
          );
        })}
    </dl>
  );
}

import type { SiteView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { BackIcon } from "../../parts/icons.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useSites } from "../../queries.ts";
import { Link } from "../../use-route.tsx";
import { OpenPlace } from "./open-place.tsx";
import { sensed } from "./sensed.ts";
import * as said from "./texts.ts";

/** Everyone's door: what is measured here, and how is my street? */
export function Open({ chosen }: { chosen: string | undefined }) {
  const sites = useSites();
  return (
    <div className="pane open">
      <Answer of={sites} what={texts(said).places}>
        {(all) => <Places sites={all} chosen={chosen} />}
      </Answer>
      <Refusals />
    </div>
  );
}

function Places({ sites, chosen }: { sites: readonly SiteView[]; chosen: string | undefined }) {
  const say = texts(said);
  const site =
    chosen === undefined ? (sites.length === 1 ? sites[0] : undefined) : sites.find((s) => s.site === chosen);
  if (site)
    return (
      <>
        {sites.length > 1 && (
          <Link to={{ door: "open", site: undefined }} className="back">
            <BackIcon /> {say.all}
          </Link>
        )}
        <OpenPlace key={site.site} site={site} />
      </>
    );
  if (chosen !== undefined)
    return (
      <Notice whole title={say.gone} action={<Link to={{ door: "open", site: undefined }}>{say.all}</Link>}>
        <p>{say.goneWhy(chosen)}</p>
      </Notice>
    );
  if (sites.length === 0)
    return (
      <Notice whole title={say.none}>
        <p>{say.noneWhy}</p>
      </Notice>
    );
  return (
    <>
      <h1>{say.title}</h1>
      <p className="lead">{say.lead(sites.length)}</p>
      <ul className="places">
        {sites.map((s) => (
          <li key={s.site} className="place">
            <h2>
              <Link to={{ door: "open", site: s.site }}>{s.name}</Link>
            </h2>
            <p className="muted">{s.open?.purpose ?? sensed(s)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Refusals() {
  const say = texts(said);
  return (
    <section className="refusals" aria-labelledby="refusals">
      <h2 id="refusals">{say.refuse}</h2>
      <ul>
        {say.refused.map(([what, why]) => (
          <li key={what}>
            <strong>{what}</strong> <span>{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

import type { SiteView } from "@openkerb/contract";
import { BackIcon } from "../../parts/icons.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useSites } from "../../queries.ts";
import { Link } from "../../use-route.tsx";
import { counted } from "../../words.ts";
import { OpenPlace } from "./open-place.tsx";
import { sensed } from "./sensed.ts";

/** Everyone's door: what is measured here, and how is my street? */
export function Open({ chosen }: { chosen: string | undefined }) {
  const sites = useSites();
  return (
    <div className="pane open">
      <Answer of={sites} what="The places">
        {(all) => <Places sites={all} chosen={chosen} />}
      </Answer>
      <Refusals />
    </div>
  );
}

function Places({ sites, chosen }: { sites: readonly SiteView[]; chosen: string | undefined }) {
  const site =
    chosen === undefined ? (sites.length === 1 ? sites[0] : undefined) : sites.find((s) => s.site === chosen);
  if (site)
    return (
      <>
        {sites.length > 1 && (
          <Link to={{ door: "open", site: undefined }} className="back">
            <BackIcon /> All places
          </Link>
        )}
        <OpenPlace key={site.site} site={site} />
      </>
    );
  if (chosen !== undefined)
    return (
      <Notice
        title="Nothing is measured at this place"
        action={<Link to={{ door: "open", site: undefined }}>All places</Link>}
      >
        <p>No place is called “{chosen}”. The sensor may have been taken down.</p>
      </Notice>
    );
  if (sites.length === 0)
    return (
      <Notice title="Nothing is measured yet">
        <p>Every place where this city measures will be listed here, with what, why and for how long.</p>
      </Notice>
    );
  return (
    <>
      <h1>What this city measures in its streets</h1>
      <p className="lead">
        {counted(sites.length, "place")}. Boxes at the kerb count who passes, by kind, and forget the picture at once.
      </p>
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

const refused = [
  [
    "Faces are never recognised",
    "The software has no part that could. The box looks at each picture once and forgets it.",
  ],
  ["Number plates are never read", "A car is a car. There is no field in the system in which a plate could be sent."],
  [
    "Nobody is followed",
    "A step over a line has no name and no number. What passes here cannot be linked to what passes elsewhere.",
  ],
  [
    "Pictures do not leave the box",
    "Only counts and events do, such as “bicycle, in, 12:03”. The hub refuses everything else and counts what it refused.",
  ],
] as const;

function Refusals() {
  return (
    <section className="refusals" aria-labelledby="refusals">
      <h2 id="refusals">What we refuse to do</h2>
      <ul>
        {refused.map(([what, why]) => (
          <li key={what}>
            <strong>{what}.</strong> <span>{why}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

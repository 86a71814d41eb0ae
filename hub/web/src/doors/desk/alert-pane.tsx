import type { AlertChange, AlertDetail, Session, SiteView } from "@openkerb/contract";
import { ApiError } from "../../api.ts";
import { texts } from "../../language/language.ts";
import { HubWords } from "../../parts/hub-words.tsx";
import { BackIcon, SeverityMark } from "../../parts/icons.tsx";
import { Ago, useNow } from "../../parts/live.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useAlert } from "../../queries.ts";
import { stateWords } from "../../queue.ts";
import { desk } from "../../route.ts";
import { useStreetCounts } from "../../use-counts.ts";
import { Link } from "../../use-route.tsx";
import { alertTitle, clock, moment, severityName } from "../../words.ts";
import { AlertSteps } from "./alert-steps.tsx";
import type { DeskRoute } from "./desk.tsx";
import { LineTable } from "./line-table.tsx";
import * as said from "./texts.ts";

type Props = {
  readonly id: string;
  readonly route: DeskRoute;
  readonly session: Session;
  readonly sites: readonly SiteView[];
};

/** One alert: the sentence, what it means, what to do, and what has been done. */
export function AlertPane({ id, route, session, sites }: Props) {
  const alert = useAlert(id);
  const say = texts(said).alert;
  const back = (
    <Link to={{ ...desk, queue: route.queue, range: route.range, plan: route.plan }} className="back">
      <BackIcon /> {say.back}
    </Link>
  );
  if (alert.data === undefined && alert.error instanceof ApiError && alert.error.status === 404)
    return (
      <div className="pane">
        {back}
        <Notice whole title={say.gone}>
          <p>{say.goneWhy}</p>
        </Notice>
      </div>
    );
  return (
    <article className="pane" aria-label={say.name}>
      {back}
      <Answer of={alert} what={say.what}>
        {(detail) => <Detail detail={detail} route={route} session={session} sites={sites} />}
      </Answer>
    </article>
  );
}

type DetailProps = Omit<Props, "id"> & { readonly detail: AlertDetail };

function Detail({ detail, route, session, sites }: DetailProps) {
  const now = useNow();
  const { alert, words, history } = detail;
  const say = texts(said).alert;
  const site = sites.find((s) => s.site === alert.place.site);
  return (
    <>
      <header className="alert-head">
        <SeverityMark severity={alert.severity} />
        <div>
          <h1>{alertTitle(detail)}</h1>
          <p className="alert-state">
            <strong className={`severity ${alert.severity}`}>{severityName(alert.severity)}</strong>
            <span>{stateWords(alert, now)}</span>
            <span>
              {say.since} <Ago at={alert.first} /> ({clock(alert.first, now)})
            </span>
            {alert.occurrences > 1 && <span>{say.times(alert.occurrences)}</span>}
          </p>
        </div>
      </header>
      <p className="alert-sentence">
        <HubWords figures={site && { site: site.name }}>{words.sentence}</HubWords>
      </p>
      <AlertSteps detail={detail} session={session} />
      <div className="alert-body">
        <div>
          <dl className="alert-words">
            <div>
              <dt>{say.where}</dt>
              <dd>
                {site ? (
                  <Link to={{ ...desk, site: site.site, queue: route.queue, range: route.range, plan: route.plan }}>
                    {words.where}
                  </Link>
                ) : (
                  words.where
                )}
              </dd>
            </div>
            <div>
              <dt>{say.means}</dt>
              <dd>
                <HubWords>{words.consequence}</HubWords>
              </dd>
            </div>
            <div>
              <dt>{say.action}</dt>
              <dd>
                <HubWords>{words.action}</HubWords>
              </dd>
            </div>
            {alert.cleared !== undefined && alert.condition === "cleared" && (
              <div>
                <dt>{say.over}</dt>
                <dd>
                  <Ago at={alert.cleared} /> ({clock(alert.cleared, now)})
                </dd>
              </div>
            )}
            {alert.shelvedUntil !== undefined && alert.shelvedUntil > now && (
              <div>
                <dt>{say.shelfUntil}</dt>
                <dd>{moment(alert.shelvedUntil)}</dd>
              </div>
            )}
            <div>
              <dt>{say.box}</dt>
              <dd>
                <Link to={{ door: "boxes", device: alert.place.device, range: "1h" }}>{alert.place.device}</Link>
              </dd>
            </div>
          </dl>
          {site && <PlaceToday site={site} />}
        </div>
        <div>
          {route.plan && site && <Plan site={site} alerts={[{ alert, words }]} chosen={alert.id} small />}
          <h2>{say.history}</h2>
          <ol className="history">
            {history.toReversed().map((change) => (
              <Change key={`${change.at} ${change.did} ${change.by}`} change={change} />
            ))}
          </ol>
        </div>
      </div>
    </>
  );
}

/** What the place counts meanwhile: whether the trouble shows in the street is the next thing one asks. */
function PlaceToday({ site }: { site: SiteView }) {
  const counts = useStreetCounts(site.site, "1h");
  return (
    <section className="alert-counts" aria-label={texts(said).alert.countsToday}>
      <header className="section-head">
        <h2>{texts(said).alert.today(site.name)}</h2>
      </header>
      <LineTable site={site} counts={counts} />
    </section>
  );
}

function Change({ change: { at, by, did, text } }: { change: AlertChange }) {
  const say = texts(said).alert;
  const now = useNow();
  return (
    <li className={did}>
      <time dateTime={new Date(at).toISOString()} title={moment(at)}>
        {clock(at, now)}
      </time>
      <span>
        <strong>{say.did[did]}</strong>
        {by !== "hub" && <span className="muted"> {say.by(by)}</span>}
        {text && (
          <span className="history-text">
            {by === "hub" || did === "assigned" ? <HubWords>{text}</HubWords> : text}
          </span>
        )}
      </span>
    </li>
  );
}

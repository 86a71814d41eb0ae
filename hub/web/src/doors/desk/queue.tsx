import type { AlertView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { QuietIcon, SeverityMark } from "../../parts/icons.tsx";
import { Ago, useNow } from "../../parts/live.tsx";
import { Failed, Loading } from "../../parts/states.tsx";
import { useAlerts, useDevices } from "../../queries.ts";
import { standing, stateWords } from "../../queue.ts";
import { desk, queues } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { alertTitle } from "../../words.ts";
import type { DeskRoute } from "./desk.tsx";
import * as said from "./texts.ts";

type Props = {
  readonly route: DeskRoute;
  readonly alerts: ReturnType<typeof useAlerts>;
  readonly queue: readonly AlertView[];
};

/** The one queue. What needs somebody comes first; each row is a link to exactly that alert. */
export function Queue({ route, alerts, queue }: Props) {
  const say = texts(said).queue;
  return (
    <section className="queue" aria-label={say.name}>
      <header className="queue-head">
        <h2>{say.title}</h2>
        <nav aria-label={say.which} className="tabs">
          {queues.map((q) => (
            <Link
              key={q}
              to={{ ...desk, queue: q, range: route.range, plan: route.plan }}
              aria-current={route.queue === q ? "true" : undefined}
            >
              {say.tabs[q]}
              {q === route.queue && queue.length > 0 && <span className="count">{queue.length}</span>}
            </Link>
          ))}
        </nav>
      </header>
      {alerts.data === undefined ? (
        alerts.error ? (
          <Failed what={say.what} error={alerts.error} again={() => void alerts.refetch()} />
        ) : (
          <Loading what={say.what} />
        )
      ) : queue.length === 0 ? (
        <Empty queue={route.queue} />
      ) : (
        <ol className="rows">
          {queue.map((view) => (
            <Row key={view.alert.id} view={view} route={route} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Row({ view: { alert, words }, route }: { view: AlertView; route: DeskRoute }) {
  const now = useNow();
  const at = standing(alert, now);
  return (
    <li>
      <Link
        id={`alert-${alert.id}`}
        className={`row ${at}`}
        to={{ ...route, site: undefined, alert: alert.id }}
        aria-current={route.alert === alert.id ? "true" : undefined}
      >
        <SeverityMark severity={alert.severity} />
        <span className="row-title">{alertTitle({ alert, words })}</span>
        <span className="row-age">
          <Ago at={alert.first} plain />
        </span>
        <span className="row-where">{words.where}</span>
        <span className="row-state">
          {stateWords(alert, now)}
          {alert.occurrences > 1 && <span className="times"> · {alert.occurrences}×</span>}
        </span>
      </Link>
    </li>
  );
}

function Empty({ queue }: { queue: DeskRoute["queue"] }) {
  const say = texts(said).queue;
  if (queue === "shelved")
    return (
      <div className="quiet-queue">
        <p>{say.shelfEmpty}</p>
        <p className="muted">{say.shelfHint}</p>
      </div>
    );
  if (queue === "closed")
    return (
      <div className="quiet-queue">
        <p>{say.noneClosed}</p>
        <p className="muted">{say.closedHint}</p>
      </div>
    );
  return <AllQuiet />;
}

/** The state an operator likes best still says what the quiet rests on. */
function AllQuiet() {
  const closed = useAlerts("closed").data ?? [];
  const shelved = useAlerts("shelved").data ?? [];
  const devices = useDevices().data ?? [];
  const now = useNow();
  const onShelf = shelved.filter((v) => standing(v.alert, now) === "shelved").length;
  const last = Math.max(0, ...closed.map((v) => v.alert.closed ?? 0));
  const online = devices.filter((d) => d.state === "online");
  const cameras = online.flatMap((d) => d.health?.cameras ?? []);
  const watching = cameras.filter((c) => c.state === "watching").length;
  const say = texts(said).queue;
  return (
    <div className="quiet-queue">
      <QuietIcon />
      <p className="quiet-title">{say.quiet}</p>
      <p className="muted">{say.quietHint}</p>
      <dl className="facts">
        <div>
          <dt>{say.camerasWatching}</dt>
          <dd>{say.of(watching, cameras.length)}</dd>
        </div>
        <div>
          <dt>{say.boxesOnline}</dt>
          <dd>{say.of(online.length, devices.length)}</dd>
        </div>
        <div>
          <dt>{say.lastClosed}</dt>
          <dd>{last > 0 ? <Ago at={last} /> : say.never}</dd>
        </div>
        {onShelf > 0 && (
          <div>
            <dt>{say.onShelf}</dt>
            <dd>
              <Link to={{ ...desk, queue: "shelved" }}>{say.alerts(onShelf)}</Link>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

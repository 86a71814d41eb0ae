import type { AlertView } from "@openkerb/contract";
import { QuietIcon, SeverityMark } from "../../parts/icons.tsx";
import { Ago, useNow } from "../../parts/live.tsx";
import { Failed, Loading } from "../../parts/states.tsx";
import { useAlerts, useDevices } from "../../queries.ts";
import { standing, stateWords } from "../../queue.ts";
import { desk, queues } from "../../route.ts";
import { Link } from "../../use-route.tsx";
import { counted } from "../../words.ts";
import type { DeskRoute } from "./desk.tsx";

type Props = {
  readonly route: DeskRoute;
  readonly alerts: ReturnType<typeof useAlerts>;
  readonly queue: readonly AlertView[];
};

const names = { open: "Open", shelved: "Shelved", closed: "Closed" };

/** The one queue. What needs somebody comes first; each row is a link to exactly that alert. */
export function Queue({ route, alerts, queue }: Props) {
  return (
    <section className="queue" aria-label="Alert queue">
      <header className="queue-head">
        <h2>Alerts</h2>
        <nav aria-label="Which alerts" className="tabs">
          {queues.map((q) => (
            <Link
              key={q}
              to={{ ...desk, queue: q, range: route.range, plan: route.plan }}
              aria-current={route.queue === q ? "true" : undefined}
            >
              {names[q]}
              {q === route.queue && queue.length > 0 && <span className="count">{queue.length}</span>}
            </Link>
          ))}
        </nav>
      </header>
      {alerts.data === undefined ? (
        alerts.error ? (
          <Failed what="The alerts" error={alerts.error} again={() => void alerts.refetch()} />
        ) : (
          <Loading what="the alerts" />
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
        <span className="row-title">{words.title}</span>
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
  if (queue === "shelved")
    return (
      <div className="quiet-queue">
        <p>Nothing is on the shelf.</p>
        <p className="muted">
          Shelve what is known and planned, such as road works; it comes back by itself when its time is over.
        </p>
      </div>
    );
  if (queue === "closed")
    return (
      <div className="quiet-queue">
        <p>No alert has been closed yet.</p>
        <p className="muted">An alert closes when its cause is over and somebody has seen it.</p>
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
  return (
    <div className="quiet-queue">
      <QuietIcon />
      <p className="quiet-title">All quiet</p>
      <p className="muted">Nothing needs you. New alerts arrive here by themselves, the most severe first.</p>
      <dl className="facts">
        <div>
          <dt>Cameras watching</dt>
          <dd>
            {watching} of {cameras.length}
          </dd>
        </div>
        <div>
          <dt>Boxes online</dt>
          <dd>
            {online.length} of {devices.length}
          </dd>
        </div>
        <div>
          <dt>Last closed</dt>
          <dd>{last > 0 ? <Ago at={last} /> : "never"}</dd>
        </div>
        {onShelf > 0 && (
          <div>
            <dt>On the shelf</dt>
            <dd>
              <Link to={{ ...desk, queue: "shelved" }}>{counted(onShelf, "alert")}</Link>
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}

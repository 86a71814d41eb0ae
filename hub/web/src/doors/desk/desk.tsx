import type { Session, SiteView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { useKeys } from "../../parts/keys.tsx";
import { useNow } from "../../parts/live.tsx";
import { Answer, Notice } from "../../parts/states.tsx";
import { useAlerts, useSites } from "../../queries.ts";
import { inOrder, neighbour } from "../../queue.ts";
import { desk, type Route } from "../../route.ts";
import { go } from "../../use-route.tsx";
import { AlertPane } from "./alert-pane.tsx";
import { PlaceList } from "./place-list.tsx";
import { Queue } from "./queue.tsx";
import { StreetPane } from "./street-pane.tsx";
import * as said from "./texts.ts";

export type DeskRoute = Extract<Route, { door: "desk" }>;

/** The operators' door: the queue on the left, the chosen alert or the living street on the right. */
export function Desk({ route, session }: { route: DeskRoute; session: Session }) {
  const sites = useSites();
  const alerts = useAlerts(route.queue);
  const now = useNow();
  const queue = inOrder(alerts.data ?? [], route.queue, now);
  const ids = queue.map((v) => v.alert.id);
  const move = (step: 1 | -1): void => {
    const next = neighbour(ids, route.alert, step);
    if (next === undefined) return;
    go({ ...route, site: undefined, alert: next }, { replace: route.alert !== undefined });
    document.getElementById(`alert-${next}`)?.focus();
  };
  const leave = (): void => go({ ...desk, queue: route.queue, range: route.range, plan: route.plan });
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    p: () => go({ ...route, plan: !route.plan }, { replace: true }),
    ...(route.alert !== undefined && { Escape: leave }),
  });
  return (
    <div className={`desk ${route.alert ? "with-alert" : ""}`}>
      <Queue route={route} alerts={alerts} queue={queue} />
      <div className="desk-main">
        <Answer of={sites} what={texts(said).places}>
          {(all) =>
            route.alert !== undefined ? (
              <AlertPane key={route.alert} id={route.alert} route={route} session={session} sites={all} />
            ) : (
              <Street route={route} sites={all} />
            )
          }
        </Answer>
      </div>
    </div>
  );
}

function Street({ route, sites }: { route: DeskRoute; sites: readonly SiteView[] }) {
  const [only] = sites;
  const say = texts(said);
  if (!only)
    return (
      <Notice whole title={say.noPlace}>
        <p>
          {say.noPlaceWhy[0]}
          <code>sites</code>
          {say.noPlaceWhy[1]}
        </p>
      </Notice>
    );
  if (route.site === undefined && sites.length > 1) return <PlaceList sites={sites} route={route} />;
  const site = route.site === undefined ? only : sites.find((s) => s.site === route.site);
  if (!site)
    return (
      <Notice whole title={say.unknownPlace}>
        <p>{say.unknownPlaceWhy(route.site ?? "")}</p>
      </Notice>
    );
  return <StreetPane key={site.site} site={site} route={route} several={sites.length > 1} />;
}

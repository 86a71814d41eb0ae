import type { Session } from "@openkerb/contract";
import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { api } from "./api.ts";
import { apiToScreen } from "./api-to-screen.ts";
import { Boxes } from "./doors/boxes/boxes.tsx";
import { Desk } from "./doors/desk/desk.tsx";
import { Login } from "./doors/login.tsx";
import { Open } from "./doors/open/open.tsx";
import { Clock, ScreenContext } from "./parts/live.tsx";
import { doorsOf, Shell } from "./parts/shell.tsx";
import { Failed, Loading, Notice } from "./parts/states.tsx";
import { makeQueries, useSession } from "./queries.ts";
import { desk, type Route } from "./route.ts";
import { makeScreen } from "./screen.ts";
import { go, Link, useRoute } from "./use-route.tsx";

/** Everything on the page. */
export function App() {
  const queries = useMemo(makeQueries, []);
  const screen = useMemo(() => makeScreen((draw) => requestAnimationFrame(draw)), []);
  return (
    <QueryClientProvider client={queries}>
      <ScreenContext value={screen}>
        <Clock>
          <Doors screen={screen} />
        </Clock>
      </ScreenContext>
    </QueryClientProvider>
  );
}

/** Resolves when there is a reason to try the hub at once instead of waiting. */
function useAwake() {
  const waiting = useRef(new Set<() => void>());
  const wake = (): void => {
    for (const resolve of waiting.current) resolve();
    waiting.current.clear();
  };
  useEffect(() => {
    const rise = (): void => {
      for (const resolve of waiting.current) resolve();
      waiting.current.clear();
    };
    addEventListener("online", rise);
    return () => removeEventListener("online", rise);
  }, []);
  const awake = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      waiting.current.add(resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  return { wake, awake };
}

const titles: Record<Route["door"], string> = {
  home: "OpenKerb",
  desk: "Desk · OpenKerb",
  boxes: "Boxes · OpenKerb",
  open: "What is measured here · OpenKerb",
  lost: "Not found · OpenKerb",
};

function Doors({ screen }: { screen: ReturnType<typeof makeScreen> }) {
  const queries = useQueryClient();
  const asked = useRoute();
  const { data: session, error, refetch } = useSession();
  const { wake, awake } = useAwake();
  const doors = doorsOf(session);
  const inside = doors.desk || doors.boxes;
  const person = session?.person;
  const waking = useRef(awake);
  waking.current = awake;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another person is another stream
  useEffect(() => {
    if (!inside) return undefined;
    const stop = new AbortController();
    void apiToScreen({ screen, queries, awake: (signal) => waking.current(signal) }, stop.signal);
    return () => stop.abort();
  }, [inside, person, screen, queries]);

  // Who works here begins at work; everybody else at the open page.
  const home: Route = doors.desk
    ? desk
    : doors.boxes
      ? { door: "boxes", device: undefined, range: "1h" }
      : { door: "open", site: undefined };
  const route = asked.door === "home" && session ? home : asked;
  useEffect(() => {
    if (asked.door === "home" && inside) go(home, { replace: true });
  });
  useEffect(() => {
    document.title = titles[route.door];
  }, [route.door]);

  const leave = (): void =>
    void api
      .logout(session?.csrf ?? "")
      .catch(() => undefined)
      .then(() => {
        queries.clear();
        go({ door: "open", site: undefined });
        return refetch();
      });

  return (
    <Shell session={session} route={route} wake={wake} leave={leave}>
      {session ? (
        <Content route={route} session={session} />
      ) : error ? (
        <Failed what="OpenKerb" error={error} again={() => void refetch()} />
      ) : (
        <div className="pane">
          <Loading what="the page" />
        </div>
      )}
    </Shell>
  );
}

function Content({ route, session }: { route: Route; session: Session }) {
  const doors = doorsOf(session);
  switch (route.door) {
    case "desk":
      return doors.desk ? <Desk route={route} session={session} /> : <Shut session={session} door="Desk" />;
    case "boxes":
      return doors.boxes ? <Boxes route={route} /> : <Shut session={session} door="Boxes" />;
    case "home":
      return <Open chosen={undefined} />;
    case "open":
      return <Open chosen={route.site} />;
    case "lost":
      return (
        <Notice title="There is no such page" action={<Link to={{ door: "home" }}>Go to the start</Link>}>
          <p>
            <code>{route.path}</code> leads nowhere. The link may be cut off or from another version.
          </p>
        </Notice>
      );
    default:
      return route satisfies never;
  }
}

/** A door that does not open: log in, or another role is needed. */
function Shut({ session, door }: { session: Session; door: string }) {
  if (!session.person) return <Login session={session} />;
  return (
    <Notice title={`${door} is not yours to open`} action={<Link to={{ door: "home" }}>Go to the start</Link>}>
      <p>You are logged in as {session.person}. Ask whoever keeps the hub's configuration for the role you need.</p>
    </Notice>
  );
}

import type { Session } from "@openkerb/contract";
import { QueryClientProvider, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { api } from "./api.ts";
import { apiToScreen } from "./api-to-screen.ts";
import { Air } from "./doors/air/air.tsx";
import { Boxes } from "./doors/boxes/boxes.tsx";
import { Desk } from "./doors/desk/desk.tsx";
import { Login } from "./doors/login.tsx";
import { Open } from "./doors/open/open.tsx";
import { texts, useLanguage } from "./language/language.ts";
import { FaultOf } from "./parts/fault.tsx";
import { Clock, ScreenContext } from "./parts/live.tsx";
import { doorsOf, Shell } from "./parts/shell.tsx";
import { Failed, Loading, Notice } from "./parts/states.tsx";
import { makeQueries, useSession } from "./queries.ts";
import { addressOf, air, desk, type Route } from "./route.ts";
import { makeScreen } from "./screen.ts";
import { shellTexts } from "./shell-texts.ts";
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

function Doors({ screen }: { screen: ReturnType<typeof makeScreen> }) {
  const queries = useQueryClient();
  const asked = useRoute();
  const { data: session, error, refetch } = useSession();
  const { wake, awake } = useAwake();
  const doors = doorsOf(session);
  const inside = doors.desk || doors.air || doors.boxes;
  const language = useLanguage();
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
    : doors.air
      ? air("stations")
      : doors.boxes
        ? { door: "boxes", device: undefined, range: "1h" }
        : { door: "open", site: undefined };
  const route = asked.door === "home" && session ? home : asked;
  useEffect(() => {
    if (asked.door === "home" && inside) go(home, { replace: true });
  });
  const title = texts(shellTexts).titles[route.door];
  useEffect(() => {
    document.title = title;
  }, [title]);

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
        <FaultOf at={addressOf(route)}>
          <Content key={language} route={route} session={session} />
        </FaultOf>
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
  const say = texts(shellTexts);
  switch (route.door) {
    case "desk":
      return doors.desk ? <Desk route={route} session={session} /> : <Shut session={session} door={say.desk} />;
    case "air":
      return doors.air ? <Air route={route} session={session} /> : <Shut session={session} door={say.air} />;
    case "boxes":
      return doors.boxes ? <Boxes route={route} /> : <Shut session={session} door={say.boxes} />;
    case "home":
      return <Open chosen={undefined} />;
    case "open":
      return <Open chosen={route.site} />;
    case "lost":
      return (
        <Notice whole title={say.lost.title} action={<Link to={{ door: "home" }}>{say.lost.toStart}</Link>}>
          <p>
            <code>{route.path}</code> {say.lost.leadsNowhere}
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
  const say = texts(shellTexts);
  return (
    <Notice whole title={say.shut.title(door)} action={<Link to={{ door: "home" }}>{say.lost.toStart}</Link>}>
      <p>{say.shut.who(session.person)}</p>
    </Notice>
  );
}

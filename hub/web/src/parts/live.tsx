import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from "react";
import { hubNow } from "../api.ts";
import type { Screen } from "../screen.ts";
import { age, moment, span } from "../words.ts";

export const ScreenContext = createContext<Screen | undefined>(undefined);

/** The live street, connection and health; the component is drawn anew when any of it changes. */
export function useScreen(): Screen {
  const screen = use(ScreenContext);
  if (!screen) throw new Error("useScreen stands outside the screen");
  useSyncExternalStore(screen.subscribe, screen.version);
  return screen;
}

const NowContext = createContext(0);

/** One clock for the whole page, so that all ages tick together. */
export function Clock({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(hubNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(hubNow()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

/** Now at the hub, to the second. */
export const useNow = (): number => use(NowContext);

/** A time as its age, the whole moment on hover and for a screen reader that asks. */
export function Ago({ at, plain = false }: { at: number; plain?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {plain && now - at >= 5000 ? span(now - at) : age(at, now)}
    </time>
  );
}

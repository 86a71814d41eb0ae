import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";
import { addressOf, parseRoute, type Route } from "./route.ts";

const listeners = new Set<() => void>();
const told = (): void => {
  for (const listener of listeners) listener();
};

/** Goes to a view. `replace` leaves no trace to go back to. */
export function go(route: Route, { replace = false }: { replace?: boolean } = {}): void {
  const address = addressOf(route);
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  told();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
};

let known: { address: string; route: Route } | undefined;
const current = (): Route => {
  const address = location.pathname + location.search;
  if (known?.address !== address) known = { address, route: parseRoute(location.pathname, location.search) };
  return known.route;
};

export const useRoute = (): Route => useSyncExternalStore(subscribe, current);

type LinkProps = Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> & { to: Route };

/** A real link, so that it can be copied and opened elsewhere; a plain click stays in the page. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const click = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={addressOf(to)} onClick={click} />;
}

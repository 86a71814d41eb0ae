import { useSyncExternalStore } from "react";
import { remembered } from "./remembered.ts";

export type Theme = "auto" | "light" | "dark";
const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const dark = matchMedia("(prefers-color-scheme: dark)");

const theme = remembered<Theme>("theme", (kept) => (kept === "light" || kept === "dark" ? kept : "auto"));
// Before whoever draws: a canvas reads its colours from the page.
theme.subscribe(applyTheme);

export function applyTheme(): void {
  const chosen = theme.get();
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export const nextTheme = (): void => theme.choose(next[theme.get()]);

const subscribe = (listener: () => void): (() => void) => {
  const end = theme.subscribe(listener);
  dark.addEventListener("change", listener);
  return () => {
    end();
    dark.removeEventListener("change", listener);
  };
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme.get);
/** What is on the screen, for canvases, which have to be drawn anew. */
export const useShade = (): "light" | "dark" =>
  useSyncExternalStore(subscribe, () => {
    const chosen = theme.get();
    return chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  });

import { useSyncExternalStore } from "react";

export type Theme = "auto" | "light" | "dark";
const next: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const listeners = new Set<() => void>();
const dark = matchMedia("(prefers-color-scheme: dark)");

/** What this person chose on this device; storage may be switched off, then it lasts as long as the page. */
let theme: Theme = stored();
function stored(): Theme {
  try {
    const said = localStorage.getItem("theme");
    return said === "light" || said === "dark" ? said : "auto";
  } catch {
    return "auto";
  }
}

export function applyTheme(): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function nextTheme(): void {
  theme = next[theme];
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Not kept, which is what this browser was told to do.
  }
  applyTheme();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  dark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener("change", listener);
  };
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => theme);
/** What is on the screen, for canvases, which have to be drawn anew. */
export const useShade = (): "light" | "dark" =>
  useSyncExternalStore(subscribe, () => (theme === "auto" ? (dark.matches ? "dark" : "light") : theme));

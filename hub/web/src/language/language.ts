import { useSyncExternalStore } from "react";

/** The languages of the screens, each by its own name. */
export const languages = { en: "English", zh: "简体中文" } as const;
export type Language = keyof typeof languages;

/** All texts of one part of the screens. A text that one language has and another has not is an error of the compiler. */
export type Catalogue<T> = Readonly<Record<Language, T>>;

const tags: Record<Language, { readonly html: string; readonly locale: string }> = {
  en: { html: "en", locale: "en-GB" },
  zh: { html: "zh-Hans", locale: "zh-CN" },
};
const listeners = new Set<() => void>();
const known = (text: string | null | undefined): Language | undefined =>
  text === undefined || text === null
    ? undefined
    : text.startsWith("zh")
      ? "zh"
      : text.startsWith("en")
        ? "en"
        : undefined;

let language: Language = first();
/** What was chosen on this device, else the first of the browser's languages that the screens speak. */
function first(): Language {
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  try {
    const chosen = typeof localStorage === "undefined" ? undefined : known(localStorage.getItem("language"));
    if (chosen) return chosen;
  } catch {
    // Storage may be switched off.
  }
  return wanted.map(known).find((one) => one !== undefined) ?? "en";
}

/** Tells the browser what it reads aloud and breaks into lines. */
export function applyLanguage(): void {
  if (typeof document !== "undefined") document.documentElement.lang = tags[language].html;
}

export function chooseLanguage(chosen: Language): void {
  language = chosen;
  try {
    localStorage.setItem("language", chosen);
  } catch {
    // Not kept, which is what this browser was told to do.
  }
  applyLanguage();
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
/** The language of the screen; whoever asks is drawn anew when it changes, and so is everything below. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => language);

/** The texts of a catalogue in the language of the screen. */
export const texts = <T>(catalogue: Catalogue<T>): T => catalogue[language];
/** For `Intl`: how numbers and times of a language are written. */
export const localeOf = (of: Language): string => tags[of].locale;
export const locale = (): string => localeOf(language);

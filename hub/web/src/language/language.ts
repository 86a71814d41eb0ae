import { useSyncExternalStore } from "react";
import { remembered } from "../remembered.ts";

/** The languages of the screens, each by its own name. */
export const languages = { en: "English", zh: "简体中文" } as const;
export type Language = keyof typeof languages;

/** All texts of one part of the screens. A text that one language has and another has not is an error of the compiler. */
export type Catalogue<T> = Readonly<Record<Language, T>>;

const tags: Record<Language, { readonly html: string; readonly locale: string }> = {
  en: { html: "en", locale: "en-GB" },
  zh: { html: "zh-Hans", locale: "zh-CN" },
};
const known = (text: string | null): Language | undefined =>
  text?.startsWith("zh") ? "zh" : text?.startsWith("en") ? "en" : undefined;

/** What was chosen on this device, else the first of the browser's languages that the screens speak. */
const language = remembered<Language>("language", (kept) => {
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  return [kept, ...wanted].map(known).find((one) => one !== undefined) ?? "en";
});
language.subscribe(applyLanguage);

/** Tells the browser what it reads aloud and breaks into lines. */
export function applyLanguage(): void {
  if (typeof document !== "undefined") document.documentElement.lang = tags[language.get()].html;
}

export const chooseLanguage = language.choose;

/** The language of the screen; whoever asks is drawn anew when it changes, and so is everything below. */
export const useLanguage = (): Language => useSyncExternalStore(language.subscribe, language.get);

/** The texts of a catalogue in the language of the screen. */
export const texts = <T>(catalogue: Catalogue<T>): T => catalogue[language.get()];
/** For `Intl`: how numbers and times of a language are written. */
export const localeOf = (of: Language): string => tags[of].locale;
export const locale = (): string => localeOf(language.get());

import { type Catalogue, type Language, useLanguage } from "../../../language/language.ts";

export { type Language, useLanguage };

/** The texts of a page in the language of the screen. */
export const useTexts = <T>(catalogue: Catalogue<T>): T => catalogue[useLanguage()];

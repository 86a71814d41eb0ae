import { z } from "zod";

/** Signs that end a line or move within it; one of them, or several, stand for a space. */
const breaks = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
/**
 * Signs that nobody sees and that change what is seen: controls, halves of signs, marks that turn the direction of a
 * line around, and those that hide or annotate a passage.
 */
const unseen = /[\p{Cc}\p{Cs}\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{fff9}-\u{fffb}]/gu;

/**
 * What a person wrote freely: one line that shows all it holds, in its order, on a screen, in a table and on paper. What
 * cannot be shown so is left out.
 */
export const Written = z.string().overwrite((text) => text.replace(breaks, " ").replace(unseen, "").trim());

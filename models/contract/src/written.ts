import { z } from "zod";

/** Signs that end a line or move within it; one of them, or several, stand for a space. */
const breaks = /[\t\n\v\f\r\u{85}\u{2028}\u{2029}]+/gu;
/**
 * Signs that nobody sees and that change what is seen: controls, halves of signs, marks that turn the direction of a
 * line around, those that hide or annotate a passage, and letters that look like nothing. Joiners stay: some scripts
 * need them between their letters.
 */
const unseen = /(?!\u{200c}|\u{200d})[\p{Cc}\p{Cs}\p{Cf}\u{115f}\u{1160}\u{2800}\u{3164}\u{ffa0}]|\u{34f}/gu;
const seen = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * What a person wrote freely: one line that shows all it holds, in its order, on a screen, in a table and on paper. What
 * cannot be shown so is left out.
 */
export const Written = z.string().overwrite((text) => {
  const line = text.replace(breaks, " ").replace(unseen, "").trim();
  return seen.test(line) ? line : "";
});

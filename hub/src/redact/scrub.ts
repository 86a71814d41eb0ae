/** What a removed passage is replaced by: shorter than anything that is removed, so that a text never grows. */
export const removed = "***";

/**
 * What may not stand in a free text. A name of a camera or a line is chosen by people, and people write down a phone
 * number or a plate. Patterns err on the side of removing.
 */
const patterns: readonly RegExp[] = [
  // Addresses on the net that carry a user and a password.
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/@]+@\S+/gi,
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  // IPv4, and IPv6 with at least three groups or a double colon.
  /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g,
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4})(?::?[0-9a-f]{1,4})*(?![0-9a-f:])/gi,
  /(?<![0-9a-f:])(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4})(?::[0-9a-f]{1,4})*(?![0-9a-f:])/gi,
  // Phone numbers: at least seven digits, with the signs people put between them.
  /(?<![\p{L}\p{N}])(?:\+|00)?\(?\d(?:[ ./()-]{0,2}\d){6,14}(?![\p{L}\p{N}])/gu,
  // Plates. China: a province sign, a letter, five or six signs.
  /\p{Script=Han}[A-Z][·. -]?[A-Z0-9]{4,5}[A-Z0-9\p{Script=Han}]/gu,
  // Japan: an office, a class, a kana and a number.
  /\p{Script=Han}{1,4} ?\d{2,3} ?\p{Script=Hiragana} ?[\d·-]{1,5}/gu,
  // United Kingdom AB12 CDE; France, Italy AB-123-CD; Netherlands 12-AB-34 and its other orders.
  /(?<![\p{L}\p{N}])[a-z]{2}\d{2}[ -]?[a-z]{3}(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}])[a-z]{2}[ -]?\d{3}[ -]?[a-z]{2}(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}])(?:\d{1,3}|[a-z]{1,3})(?:-(?:\d{1,3}|[a-z]{1,3})){2}(?![\p{L}\p{N}-])(?<=\d.*)(?<=[a-z].*)/giu,
  // Germany, Austria, Poland: letters, letters and a number.
  /(?<![\p{L}\p{N}])\p{Lu}{1,3}[ -]\p{Lu}{1,2}[ -]?\d{1,4}[EH]?(?![\p{L}\p{N}])/gu,
  // Spain and Sweden 1234 BCD, ABC 12D; North America ABC 1234, 7ABC123 and their like.
  /(?<![\p{L}\p{N}])\d{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{3}[ -]?\d{2}[A-Z0-9](?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])[A-Z]{3}[ -]?\d{4}(?![\p{L}\p{N}])/gu,
  /(?<![\p{L}\p{N}])\d[A-Z]{3}\d{3}(?![\p{L}\p{N}])/gu,
];

/** A free text without what could point at a person. Doing it twice changes nothing more. */
export function scrub(text: string): string {
  let before = text;
  for (;;) {
    const after = patterns.reduce((t, pattern) => t.replace(pattern, removed), before);
    if (after === before) return after;
    before = after;
  }
}

const iso =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

const moment = (y: string, mo: string, d: string, h = "0", mi = "0", s = "0", part = "0"): number | undefined => {
  const at = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  const back = new Date(at);
  // Date.UTC rolls 31 February over into March; 24:00 is allowed because loggers end their days with it.
  // Years before 1000 are typing mistakes, and Date.UTC takes the first hundred for those of 1900.
  const sound =
    Number(y) >= 1000 &&
    Number(mo) >= 1 &&
    Number(mo) <= 12 &&
    Number(mi) < 60 &&
    Number(s) < 61 &&
    Number(h) <= 24 &&
    (Number(h) === 24 ? Number(mi) === 0 : back.getUTCDate() === Number(d));
  return sound ? at + Number(`0.${part}`) * 1000 : undefined;
};

/**
 * Milliseconds of a written time: ISO 8601 (with a space or T, with or without a zone), `M/D/YYYY H:MM` as American
 * instruments write it, or seconds since 1970. A time without a zone counts as UTC, because only differences and the
 * hour of the place's own day are taken from it. Nothing when the text is not a time.
 */
export function parseTime(text: string): number | undefined {
  const plain = text.trim();
  if (/^\d{8,}(\.\d+)?$/.test(plain)) return Number(plain) * (plain.split(".")[0]!.length >= 12 ? 1 : 1000);
  const i = iso.exec(plain);
  if (i) {
    const at = moment(i[1]!, i[2]!, i[3]!, i[4], i[5], i[6], i[7]);
    const zone = i[8];
    if (at === undefined || zone === undefined || /z/i.test(zone)) return at;
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
    return at - (zone[0] === "-" ? -minutes : minutes) * 60_000;
  }
  const a = american.exec(plain);
  return a ? moment(a[3]!, a[1]!, a[2]!, a[4], a[5], a[6]) : undefined;
}

export const hour = 3_600_000;
export const day = 24 * hour;
/** `YYYY-MM-DD` of a moment. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

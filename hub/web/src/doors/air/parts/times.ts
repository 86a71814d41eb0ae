/* Days and hours by the clock of the place: `offset` hours east of UTC, the same all year. */

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What the clock of the place shows at a moment, as if it were UTC. */
export const onTheClock = (at: number, offset: number): number => at + offset * hour;
const clockText = (at: number, offset: number): string => new Date(onTheClock(at, offset)).toISOString();

/** The day of a moment, `2026-11-23`. */
export const dayText = (at: number, offset: number): string => clockText(at, offset).slice(0, 10);
/** When a day written `2026-11-23` begins; NaN of what is no day. */
export const startOfDay = (text: string, offset: number): number => Date.parse(`${text}T00:00Z`) - offset * hour;
/** When the day of a moment began. */
export const midnight = (at: number, offset: number): number => startOfDay(dayText(at, offset), offset);

/** A moment as a field for day and time wants it. */
export const fieldTime = (at: number, offset: number): string => clockText(at, offset).slice(0, 16);
/** What a field for day and time holds; undefined while it holds nothing. */
export function readTime(text: string, offset: number): number | undefined {
  const at = Date.parse(`${text}Z`) - offset * hour;
  return Number.isNaN(at) ? undefined : at;
}

/** `UTC+05:45`, as a time is told to people elsewhere. */
export function zoneName(offset: number): string {
  if (offset === 0) return "UTC";
  const minutes = Math.round(Math.abs(offset) * 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `UTC${offset < 0 ? "−" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const steps = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14].map((n) => n * day),
];
/** The epoch was a Thursday; weeks begin on Mondays. */
const monday = 4 * day;

/** Moments at which an axis has its marks, at most about `most`: whole minutes, hours, days or months of the place. */
export function axisMarks(from: number, to: number, most: number, offset: number): number[] {
  const [first, last] = [onTheClock(from, offset), onTheClock(to, offset)];
  const back = (shown: number): number => shown - offset * hour;
  const step = steps.find((s) => (last - first) / s <= most);
  if (step !== undefined) {
    const start = step > 2 * day ? monday : 0;
    const next = Math.ceil((first - start) / step) * step + start;
    return Array.from({ length: Math.max(0, Math.floor((last - next) / step) + 1) }, (_, i) => back(next + i * step));
  }
  const months = [1, 2, 3, 6, 12, 24, 60, 120].find((n) => (last - first) / (n * 30 * day) <= most) ?? 240;
  const marks: number[] = [];
  const begun = new Date(first);
  const since = begun.getUTCFullYear() * 12 + begun.getUTCMonth();
  for (let m = Math.floor(since / months) * months; ; m += months) {
    const at = Date.UTC(Math.floor(m / 12), m % 12);
    if (at > last) return marks;
    if (at >= first) marks.push(back(at));
  }
}

type Words = Readonly<Record<"clock" | "dayAndMonth" | "monthAndYear", (at: number) => string>>;
/** The words of the marks: the clock; where a day begins, the day; where only months are marked, the month. */
export function axisWords(marks: readonly number[], offset: number, say: Words): string[] {
  const far = (marks[1] ?? 0) - (marks[0] ?? 0) >= 28 * day;
  return marks.map((at) =>
    far ? say.monthAndYear(at) : onTheClock(at, offset) % day === 0 ? say.dayAndMonth(at) : say.clock(at),
  );
}

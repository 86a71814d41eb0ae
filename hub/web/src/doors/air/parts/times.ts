const two = (n: number): string => String(n).padStart(2, "0");

/** The reader's day of a moment, `2026-11-23`. */
export function fieldDay(at: number): string {
  const t = new Date(at);
  return `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}`;
}
/** A moment as a field for day and time wants it, on the reader's clock. */
export function fieldTime(at: number): string {
  const t = new Date(at);
  return `${fieldDay(at)}T${two(t.getHours())}:${two(t.getMinutes())}`;
}
/** What a field for day and time holds; undefined while it holds nothing. */
export function readTime(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** A stream is corrupt when this many seconds of the last ten had something that could not be decoded. */
const bad = 3;
/** And whole again after so many seconds without. */
const window = 10;

/**
 * Tells from single pieces of damage when a stream is corrupt: `hit` at each, `look` now and then; times in
 * milliseconds. A lost packet now and then is not worth a word.
 */
export function damageWatch(): { hit(now: number): void; look(now: number): boolean } {
  let seconds: number[] = [];
  let corrupt = false;
  return {
    hit(now) {
      const second = Math.floor(now / 1000);
      if (seconds.at(-1) !== second) seconds.push(second);
    },
    look(now) {
      seconds = seconds.filter((second) => second > now / 1000 - window);
      if (seconds.length >= bad) corrupt = true;
      if (seconds.length === 0) corrupt = false;
      return corrupt;
    },
  };
}

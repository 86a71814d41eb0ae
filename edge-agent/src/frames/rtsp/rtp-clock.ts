/** A step of the camera's clock further ahead of ours than this, in seconds, is not motion but a new setting. */
const jump = 3;
/** And so is a step further back than any order of pictures explains. */
const back = 1;
/** Wall time is corrected when the stream turns out later than thought by more than this, in milliseconds. */
const drift = 1000;
/** How long lateness is watched before it is believed, in milliseconds. */
const window = 10_000;

/**
 * Follows the times in RTP packets. Cameras set their clocks, loop and restart: `put` rewrites a packet's timestamp so
 * that time goes on evenly, and learns at which wall time the stream's zero was. The quickest packet tells best, since
 * a network only ever delays.
 */
export function rtpClock(rate: number): {
  /**
   * Rewrites the timestamp in place where needed; answers milliseconds since the first packet. `now` never jumps, `wall`
   * is the time of day and may.
   */
  put(packet: Buffer, now: number, wall: number): number;
  /** Wall time of the stream's time 0, in milliseconds; undefined before the first packet. */
  readonly zero: number | undefined;
} {
  let first: number | undefined;
  let last = { raw: 0, ticks: 0, now: 0 };
  let zero: number | undefined;
  let least = { value: Number.POSITIVE_INFINITY, since: 0 };

  return {
    get zero() {
      return zero;
    },
    put(packet, now, wall) {
      if (packet.length < 12) return last.ticks / (rate / 1000);
      const raw = packet.readUInt32BE(4);
      if (first === undefined) {
        first = raw;
        last = { raw, ticks: 0, now };
        least = { value: Number.POSITIVE_INFINITY, since: now };
      }
      const step = ((raw - last.raw + 3 * 2 ** 31) % 2 ** 32) - 2 ** 31;
      const passed = ((now - last.now) * rate) / 1000;
      // Pictures out of order step back a little; a burst after a stall steps forward without time passing.
      const sane = step === 0 || (step > -back * rate && step < passed + jump * rate);
      const ticks = last.ticks + (sane ? step : Math.round(passed));
      last = { raw, ticks, now };
      const wanted = (((first + ticks) % 2 ** 32) + 2 ** 32) % 2 ** 32;
      if (wanted !== raw) packet.writeUInt32BE(wanted, 4);
      const time = (ticks * 1000) / rate;
      const begun = wall - time;
      zero = Math.min(zero ?? begun, begun);
      least = { value: Math.min(least.value, begun - zero), since: least.since };
      if (now - least.since > window) {
        if (least.value > drift) zero += least.value;
        least = { value: Number.POSITIVE_INFINITY, since: now };
      }
      return time;
    },
  };
}

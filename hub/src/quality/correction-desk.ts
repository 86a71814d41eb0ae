import {
  asWritten,
  type CorrectionChannel,
  type CorrectionList,
  type CorrectionOrder,
  type CorrectionUse,
  type Instant,
  type Sentence,
  say,
  sayAll,
} from "@openkerb/contract";
import type { z } from "zod";
import { type Correction, corrections, pm25OfProfile } from "../air/correction.ts";
import { redactReason } from "../redact/redact.ts";
import { type CorrectionRow, followsAll } from "../store/reading-derived.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import { hourSpan } from "../store/store.ts";
import type { ColocationDesk } from "./colocation-desk.ts";
import type { Decided, ReviewDesk } from "./review-desk.ts";

export type CorrectionDesk = {
  apply(order: CorrectionOrder, channels: readonly Channel[], at: Instant, by: string): Decided;
  end(id: number, reason: string, at: Instant, by: string): Decided;
  /** Uses, with how much of them is made by `now`, and what could be used; of one channel or of all. */
  list(channels: readonly Channel[], channel: number | undefined, now: Instant): z.infer<typeof CorrectionList>;
  use(id: number): CorrectionRow | undefined;
  /** Makes some of the hours that a new use still lacks; true while there are more. */
  catchUp(now: Instant): boolean;
};

/** Hours made at once: a few milliseconds of the flow's thread. */
const step = 300;
const wholeHour = (at: number): number => Math.ceil(at / hourSpan) * hourSpan;

/** Puts corrections to use: their hours are another channel, made from raw hours and following them. */
export function openCorrectionDesk(
  { database, care, words, atOnce }: Pick<SqliteStore, "database" | "care" | "words" | "atOnce">,
  review: Pick<ReviewDesk, "note">,
  colocations: Pick<ColocationDesk, "of" | "list">,
): CorrectionDesk {
  const sources = database
    .prepare<[number], number>("SELECT DISTINCT provenance FROM series WHERE channel = ?")
    .pluck();
  const hasSeries = database.prepare<[number], number>("SELECT 1 FROM series WHERE channel = ? LIMIT 1").pluck();
  const copy = database.prepare<[number, number]>(
    `INSERT INTO channels (site, device, sensor, metric, unit, reference, correction)
     SELECT site, device, sensor, metric, unit, reference, ? FROM channels WHERE id = ?`,
  );
  const corrected = database
    .prepare<[number, number], number>(
      `SELECT c.id FROM channels c JOIN channels raw ON (c.site, c.device, c.sensor, c.metric, c.unit, c.reference) =
         (raw.site, raw.device, raw.sensor, raw.metric, raw.unit, raw.reference)
       WHERE c.correction = ? AND raw.id = ?`,
    )
    .pluck();
  const add = database.prepare(
    `INSERT INTO correction_uses
       (channel, gives, humidity, correction, source, input, gain, offset, start, derived, by, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const stop = database.prepare<[number, number]>("UPDATE correction_uses SET stop = ? WHERE id = ?");

  /** What the channel carries, as far as the profiles of its sensor tell. */
  const inputOf = (channel: Channel): "atm" | "other" | undefined => {
    if (channel.metric !== "pm25") return "other";
    const found = new Set(
      sources.all(channel.id).map((word) => pm25OfProfile[/^profile:([^@]+)@/.exec(words.text(word))?.[1] ?? ""]),
    );
    return found.size === 1 ? [...found][0] : undefined;
  };
  const humidityOf = (channel: Channel, channels: readonly Channel[]): Channel | undefined => {
    const near = channels.filter(
      (c) => c.metric === "humidity" && c.device === channel.device && c.site === channel.site && !c.correction,
    );
    return near.find((c) => c.sensor === channel.sensor) ?? near[0];
  };
  const mayCarry = ({ channel }: Correction, input: CorrectionChannel | "other" | undefined): boolean =>
    input === undefined || channel === input;

  type Chosen = Pick<CorrectionRow, "correction" | "source" | "humidity" | "input" | "gain" | "offset">;
  const choose = (order: CorrectionOrder, channel: Channel, channels: readonly Channel[]): Chosen | Sentence => {
    const wanted = order.correction;
    const number = "colocation" in wanted ? wanted.colocation : /^colocation-(\d{1,12})@1$/.exec(wanted.id)?.[1];
    if ("colocation" in wanted || number !== undefined) {
      const made = colocations.of(Number(number));
      if (made?.sensor !== channel.id) return say("correction.no-colocation", { colocation: Number(number) });
      if (made.verdict.kind === "refused")
        return say("correction.refused", { colocation: made.id, why: sayAll(made.verdict.why) });
      const { gain, offset } = made.verdict.calibration;
      const source = say("source.colocation", { colocation: made.id, by: made.made.by });
      return { correction: `colocation-${made.id}@1`, source, humidity: null, input: null, gain, offset };
    }
    const published = corrections.find((c) => c.id === wanted.id);
    if (!published) return say("correction.unknown", { correction: wanted.id });
    const about = { correction: published.id };
    if (channel.metric !== "pm25" || channel.unit !== "ug/m3") return say("correction.only-pm25", about);
    const known = inputOf(channel);
    if (known === "other") return say("correction.only-plantower", about);
    if (known && order.input && known !== order.input)
      return say("correction.profile-says", { channel: known, given: order.input });
    const input = known ?? order.input;
    if (input === undefined) return say("correction.say-which");
    if (published.channel !== input)
      return say("correction.other-channel", { ...about, channel: published.channel, given: input });
    const humidity = humidityOf(channel, channels);
    if (!humidity) return say("correction.no-humidity", about);
    const { id, source } = published;
    return { correction: id, source, humidity: humidity.id, input, gain: null, offset: null };
  };

  /** Ends a use for another one's sake: what it made from `start` on is taken away, or two would count at once. */
  const giveWay = (
    use: CorrectionRow,
    start: number,
    { at, by, next, reason }: { at: Instant; by: string; next: string; reason: string },
  ): void => {
    const to = Math.max(use.start, start) as Instant;
    const told = say("audit.correction-replaced", {
      ...{ correction: use.correction, next },
      hour: new Date(to).toISOString().slice(0, 13),
    });
    review.note({
      ...{ at, by, action: "correction-ended", channel: use.channel, from: use.start as Instant, to, words: told },
      reason: redactReason(reason),
    });
    care.derived.drop(use, to);
    stop.run(to, use.id);
  };

  return {
    apply(order, channels, at, by) {
      const channel = channels.find((c) => c.id === order.channel);
      if (!channel) return { kind: "unknown" };
      if (channel.correction !== undefined) return { kind: "refused", why: say("correction.corrected") };
      const chosen = choose(order, channel, channels);
      if (typeof chosen === "string") return { kind: "refused", why: chosen };
      const { correction, source, humidity, input, gain, offset } = chosen;
      const start = wholeHour(order.from);
      return atOnce((): Decided => {
        // One that ended before it began was never in use.
        const others = care.derived
          .uses()
          .filter((u) => u.channel === channel.id && (u.stop ?? followsAll) > Math.max(start, u.start));
        if (others.some((u) => u.correction === correction && u.start <= start && u.stop === null))
          return { kind: "refused", why: say("correction.in-use", { correction }) };
        const [other] = others;
        if (other && !order.replace)
          return {
            kind: "refused",
            why: say("correction.other-in-use", {
              ...{ correction: other.correction, by: other.by },
              day: new Date(other.start).toISOString().slice(0, 10),
            }),
          };
        const word = words.number(correction);
        const old = corrected.get(word, channel.id);
        if (old !== undefined && hasSeries.get(old))
          return { kind: "refused", why: say("correction.by-box", { correction }) };
        const { metric, sensor, site } = channel;
        const told = say("audit.corrected", {
          ...{ metric, sensor, site, correction },
          hour: new Date(start).toISOString().slice(0, 13),
        });
        for (const use of others) giveWay(use, start, { at, by, next: correction, reason: order.reason });
        review.note({
          ...{ at, by, action: "correction-applied", channel: channel.id, from: start as Instant, words: told },
          reason: redactReason(order.reason),
        });
        const gives = old ?? Number(copy.run(word, channel.id).lastInsertRowid);
        add.run(...[channel.id, gives, humidity, correction, source, input, gain, offset, start, start, by, at]);
        care.derived.forget();
        return { kind: "done" };
      });
    },
    end(id, reason, at, by) {
      return atOnce((): Decided => {
        const use = care.derived.uses().find((u) => u.id === id);
        if (!use) return { kind: "unknown" };
        // One that another takes the place of later on can still be ended before.
        if (use.stop !== null && use.stop <= wholeHour(at)) return { kind: "refused", why: say("correction.ended") };
        const to = Math.max(use.start, wholeHour(at)) as Instant;
        const told = say("audit.correction-ended", { correction: use.correction });
        review.note({
          ...{ at, by, action: "correction-ended", channel: use.channel, from: use.start as Instant, to, words: told },
          reason: redactReason(reason),
        });
        // A clock that was set back may have made hours beyond.
        care.derived.drop(use, to);
        stop.run(to, id);
        care.derived.forget();
        return { kind: "done" };
      });
    },
    list(channels, only, now) {
      const uses = care.derived.uses().flatMap((u): CorrectionUse[] => {
        const channel = channels.find((c) => c.id === u.channel);
        if (!channel || (only !== undefined && only !== channel.id)) return [];
        const { id, gives, correction, source, by } = u;
        const making = care.derived.making(u, now);
        return [
          {
            ...{ id, channel, gives, correction, source, by, from: u.start as Instant, at: u.at as Instant },
            ...(u.stop !== null && { to: u.stop as Instant }),
            ...(making && { making }),
          },
        ];
      });
      const channel = channels.find((c) => c.id === only);
      if (!channel || channel.correction !== undefined) return { uses, available: [] };
      const input = inputOf(channel);
      const humidity = humidityOf(channel, channels);
      const published =
        channel.unit === "ug/m3" && humidity
          ? corrections
              .filter((c) => mayCarry(c, input) && c.channel !== "count03")
              .map(({ id, source, channel: needs }) => ({
                ...{ id, source },
                needs: say("correction.needs", { channel: needs, sensor: humidity.sensor }),
              }))
          : [];
      const own = colocations
        .list(channel.id)
        .filter((made) => made.verdict.kind === "accepted")
        .map(({ id, made }) => ({
          id: `colocation-${id}@1`,
          source: say("source.colocation", { colocation: id, by: made.by }),
          needs: asWritten(""),
        }));
      return {
        uses,
        available: [...published, ...own],
        ...(input !== undefined && input !== "other" && { input }),
      };
    },
    use: (id) => care.derived.uses().find((u) => u.id === id),
    catchUp(now) {
      const use = care.derived.uses().find((u) => u.derived < followsAll);
      if (!use) return false;
      atOnce(() => care.derived.catchUp(use, now, step));
      return true;
    },
  };
}

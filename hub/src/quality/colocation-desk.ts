import { type Colocation, type ColocationOrder, type Instant, type Sentence, say } from "@openkerb/contract";
import type { Pair } from "../air/colocation/pairs.ts";
import { type Pollutant, pollutants } from "../air/concentration.ts";
import { redactReason } from "../redact/redact.ts";
import { type ColocationTable, colocationTable, type StoredColocation } from "../store/colocation-table.ts";
import type { Channel } from "../store/reading-queries.ts";
import type { SqliteStore } from "../store/sqlite-store.ts";
import type { ReviewDesk } from "./review-desk.ts";

export type ColocationMade =
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "unknown"; readonly channel: number }
  | { readonly kind: "refused"; readonly why: Sentence }
  | { readonly kind: "wrong"; readonly why: Sentence };

export type ColocationDesk = {
  make(order: ColocationOrder, at: Instant, by: string): Promise<ColocationMade>;
  of(id: number): StoredColocation | undefined;
  list(sensor?: number): StoredColocation[];
  pairs(id: number): Pair[];
  /** In the contract's shape, with the channels written out; undefined when a channel is not known any more. */
  view(made: StoredColocation, channels: readonly Channel[]): Colocation | undefined;
};

/** In which units EPA states its targets. */
const targetUnit = (pollutant: Pollutant): string =>
  pollutant === "pm25" || pollutant === "pm10" ? "ug/m3" : pollutant === "co" ? "[ppm]" : "[ppb]";

/** That sensor and reference do not measure the same. */
function differs({ metric, unit, reference: state }: Channel, sensor: Channel): Sentence {
  const { metric: own, unit: ownUnit, reference: ownState } = sensor;
  const both = { metric, unit, own, ownUnit };
  if (state === undefined)
    return ownState === undefined
      ? say("colocation.other-metric", both)
      : say("colocation.sensor-state", { ...both, ownState });
  return ownState === undefined
    ? say("colocation.reference-state", { ...both, state })
    : say("colocation.other-state", { ...both, state, ownState });
}

/** Compares sensors with references; the work is done beside the flow, what comes of it is kept with who made it. */
export function openColocationDesk(
  store: Pick<SqliteStore, "database" | "ask" | "atOnce" | "channels">,
  review: Pick<ReviewDesk, "note">,
): ColocationDesk {
  const table: ColocationTable = colocationTable(store.database);
  return {
    async make({ sensor, reference, from, to }, at, by) {
      const channels = await store.channels();
      const own = channels.find((c) => c.id === sensor);
      if (!own) return { kind: "unknown", channel: sensor };
      if (to <= from) return { kind: "wrong", why: say("refusal.end-first") };
      if (own.metric === "wind-direction" || own.metric === "rain")
        return { kind: "refused", why: say("colocation.no-line") };
      if ("channel" in reference) {
        const other = channels.find((c) => c.id === reference.channel);
        if (!other) return { kind: "unknown", channel: reference.channel };
        if (other.id === own.id) return { kind: "refused", why: say("colocation.itself") };
        if (other.metric !== own.metric || other.unit !== own.unit || other.reference !== own.reference)
          return {
            kind: "refused",
            why: differs(other, own),
          };
      }
      const pollutant = pollutants.find((p) => p === own.metric && targetUnit(p) === own.unit);
      const answer = await store.ask("colocated", {
        sensor,
        metric: own.metric,
        reference: "channel" in reference ? reference : { table: reference.table },
        from,
        to,
        ...(pollutant && { pollutant }),
      });
      if (answer.kind === "wrong") return { kind: "wrong", why: say("colocation.wrong-table", { why: answer.why }) };
      const { pairs, ...found } = answer.colocated;
      const name = "channel" in reference ? undefined : redactReason(reference.name);
      return store.atOnce((): ColocationMade => {
        const { metric, sensor: id, site } = own;
        const about = { metric, sensor: id, site };
        const vain = found.verdict.kind === "refused";
        const words =
          "channel" in reference
            ? say(vain ? "audit.colocated-channel-in-vain" : "audit.colocated-channel", {
                ...about,
                channel: reference.channel,
              })
            : say(vain ? "audit.colocated-in-vain" : "audit.colocated", { ...about, reference: name ?? "" });
        review.note({ at, by, action: "colocation-made", channel: sensor, from, to, words });
        const { n: _, ...agreement } = found.agreement ?? { n: 0 };
        const made = {
          sensor,
          ...("channel" in reference ? { reference: reference.channel } : {}),
          ...(name !== undefined && { table: name }),
          from,
          to,
          made: { by, at },
          pairs: pairs.length,
          spanMinutes: found.spanMinutes,
          unit: own.unit,
          ...(found.agreement && { agreement }),
          targets: [...found.targets],
          verdict: found.verdict,
          ...(found.warning !== undefined && { warning: found.warning }),
        } as Omit<StoredColocation, "id">;
        return { kind: "done", id: table.add(made, pairs) };
      });
    },
    of: table.of,
    list: table.list,
    pairs: table.pairs,
    view({ sensor: own, reference: other, table: name, ...body }, channels) {
      const sensor = channels.find((c) => c.id === own);
      const channel = channels.find((c) => c.id === other);
      if (!sensor || (name === undefined && !channel)) return undefined;
      return {
        ...body,
        sensor,
        reference: name === undefined && channel ? { kind: "channel", channel } : { kind: "table", name: name ?? "" },
      } as Colocation;
    },
  };
}

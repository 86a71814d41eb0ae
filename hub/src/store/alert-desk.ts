import type {
  Alert,
  AlertStep,
  DeviceId,
  DeviceView,
  Health,
  Instant,
  Sentence,
  StoredEvent,
} from "@openkerb/contract";
import { type Condition, forgetEarlier, type Outcome, quiet, release, type Told, take } from "../alert/condition.ts";
import { identityOf } from "../alert/identity.ts";
import { type Incident, tell } from "../alert/incident.ts";
import { next } from "../alert/next.ts";
import { clockSignal, doubledSignal, type Patience, presenceSignal } from "../alert/presence.ts";
import { givenUpSignal, signalOf } from "../alert/raise.ts";
import { inOrder, watchSensors } from "../alert/sensors.ts";
import type { Signal } from "../alert/signal.ts";
import { redactStep } from "../redact/redact.ts";
import { type AlertTable, type AlertTurn, alertId } from "./alert-table.ts";
import type { MissingRange } from "./store.ts";

/** What the hub sees of its boxes beside their events, at one moment. */
export type Sight = {
  readonly now: Instant;
  readonly devices: readonly DeviceView[];
  /** Hub time of the last word of each box since the hub started. */
  readonly heard: ReadonlyMap<DeviceId, Instant>;
  /** Hub time of the last item of each box whose time lay in the future. */
  readonly future: ReadonlyMap<DeviceId, Instant>;
  /** Hub time of the last sign that two boxes use one id. */
  readonly doubled?: ReadonlyMap<DeviceId, Instant>;
  readonly patience: Patience;
};

export type StepOutcome =
  | { readonly kind: "done"; readonly alert: Alert }
  | { readonly kind: "refused"; readonly why: Sentence }
  | { readonly kind: "unknown" };

/**
 * Where alerts are made and changed: signals and steps go through the pure machines of `alert/`, and what comes of
 * them is saved in one transaction. Synchronous throughout, so that no two changes ever cross.
 */
export type AlertDesk = {
  /** Up to which event everything has been heard. */
  readonly position: number;
  /** Hears stored events in the order of their ids, and that there is nothing else to hear up to `upTo`. */
  hear(events: readonly StoredEvent[], upTo: number): void;
  /** Hears of gaps that were given up; each once, by the hub time it was noted. */
  hearLost(ranges: readonly MissingRange[]): void;
  /** Up to when gaps have been heard of. */
  readonly noted: Instant;
  /** Looks at presence, clocks, sensors, what was held back and what was put aside. */
  look(sight: Sight): void;
  /** Says which causes of a kind stand at a place at a moment, and that no others do. What is known is not told again. */
  stand(
    kind: Signal["kind"],
    place: Signal["place"],
    causes: readonly Pick<Signal, "cause" | "detail">[],
    at: Instant,
  ): void;
  step(id: string, step: AlertStep, at: Instant, by: string): StepOutcome;
};

const shelfEnds = { do: "shelf-ends" } as const;

export function openAlertDesk(
  table: AlertTable,
  deviceOf: (device: DeviceId) => DeviceView | undefined,
  onChange: () => void,
): AlertDesk {
  let position = table.position();
  let noted = table.noted();
  const sensorSignals = watchSensors();
  const going = new Map<string, Condition>();
  for (const condition of table.going()) going.set(identityOf(condition.kind, condition.place), condition);

  const isGoing = (kind: Signal["kind"], place: Signal["place"], cause?: string): boolean =>
    going.get(identityOf(kind, place))?.going.some((c) => cause === undefined || c.name === cause) === true;
  const isAway = ({ city, site, device }: Signal["place"]): boolean =>
    isGoing("device-offline", { city, site, device });

  /** Several outcomes of one go, gathered by identity and saved together. */
  const gathering = () => {
    const touched = new Map<string, { before: Incident; condition: Condition; told: Told[] }>();
    const open = (kind: Signal["kind"], place: Signal["place"]) => {
      const identity = identityOf(kind, place);
      let entry = touched.get(identity);
      if (!entry) {
        const kept = table.incident(identity);
        const condition = kept.condition ?? quiet(kind, place);
        entry = { before: { condition, alert: kept.alert }, condition, told: [] };
        touched.set(identity, entry);
      }
      return entry;
    };
    return {
      apply(kind: Signal["kind"], place: Signal["place"], change: (condition: Condition) => Outcome): void {
        const entry = open(kind, place);
        const { condition, told } = change(entry.condition);
        entry.condition = condition;
        entry.told.push(...told);
      },
      save(upTo: number | undefined, noted?: Instant): boolean {
        let number = table.nextNumber();
        const incidents = [...touched].map(([identity, { before, condition, told }]) => {
          const turns = tell(before, told, (n) => alertId(number + n));
          number += new Set(turns.map((t) => t.alert.id).filter((id) => id !== before.alert?.id)).size;
          return { identity, before: before.condition, condition, turns };
        });
        const changed = incidents.filter((i) => i.turns.length > 0 || i.condition !== i.before);
        if (changed.length === 0 && upTo === undefined) return false;
        table.save({
          incidents: changed,
          ...(upTo !== undefined && { position: upTo }),
          ...(noted !== undefined && { noted }),
        });
        for (const { identity, condition } of changed)
          if (condition.going.length > 0) going.set(identity, condition);
          else going.delete(identity);
        return changed.some((i) => i.turns.length > 0);
      },
    };
  };

  return {
    get position() {
      return position;
    },
    hear(events, upTo) {
      const gathered = gathering();
      for (const event of events) {
        const device = event.id > position ? deviceOf(event.device) : undefined;
        const signal = device && signalOf(device.city, event);
        if (!signal) continue;
        const away = isAway(signal.place);
        gathered.apply(signal.kind, signal.place, (condition) => take(condition, signal, event.received, away));
      }
      if (upTo <= position) return;
      const told = gathered.save(upTo);
      position = upTo;
      if (told) onChange();
    },
    get noted() {
      return noted;
    },
    hearLost(ranges) {
      const gathered = gathering();
      for (const { device: id, from, to = from, noted: at } of ranges) {
        const device = deviceOf(id);
        if (!device) continue;
        const place = { city: device.city, site: device.site, device: id };
        const signal = givenUpSignal(place, to - from + 1, at);
        gathered.apply(signal.kind, place, (condition) => take(condition, signal, at, false));
      }
      const last = Math.max(noted, ...ranges.map((r) => r.noted)) as Instant;
      const told = gathered.save(undefined, last);
      noted = last;
      if (told) onChange();
    },
    look({ now, devices, heard, future, doubled, patience }) {
      const gathered = gathering();
      const healths = new Map<DeviceId, Health>();
      const failed = [...going.values()]
        .filter(({ kind }) => kind === "sensor-failed")
        .map(({ place, going: [cause] }) => ({ place, trouble: cause?.detail.trouble }));
      for (const device of devices) {
        const { city, site, device: id, health } = device;
        const place = { city, site, device: id };
        const lastWord = heard.get(id);
        const known = { now, ...(lastWord !== undefined && { heard: lastWord }), offline: isAway(place) };
        const wrong = isGoing("clock-wrong", place, "future-time");
        const two = isGoing("device-doubled", place);
        for (const s of [
          presenceSignal(device, known, patience),
          clockSignal(device, future.get(id), now, wrong),
          doubledSignal(device, doubled?.get(id), now, two),
        ])
          if (s) gathered.apply(s.kind, s.place, (condition) => take(condition, s, now, false));
        const ours = failed.filter(({ place }) => place.device === id);
        for (const s of known.offline ? [] : sensorSignals(device, ours, patience))
          gathered.apply(s.kind, s.place, (condition) => take(condition, inOrder(condition, s), now, false));
        if (health) healths.set(id, health);
      }
      for (const { kind, place, going: causes } of going.values()) {
        const health = healths.get(place.device);
        if (health) {
          const startedAt = (health.at - health.uptime) as Instant;
          gathered.apply(kind, place, (condition) => forgetEarlier(condition, startedAt, health.at));
        }
        if (causes.some((c) => c.held !== undefined))
          gathered.apply(kind, place, (condition) => release(condition, now, isAway(place)));
      }
      const told = gathered.save(undefined);
      const turns = table.shelfOver(now).flatMap((alert): AlertTurn[] => {
        const turn = next(alert, shelfEnds, now, "hub");
        return turn.kind === "turned" ? [{ ...turn, step: shelfEnds }] : [];
      });
      if (turns.length > 0) table.save({ incidents: [], turns });
      if (told || turns.length > 0) onChange();
    },
    stand(kind, place, causes, at) {
      const known = going.get(identityOf(kind, place))?.going ?? [];
      const gathered = gathering();
      const tell = (cause: string, change: Signal["change"], detail: Signal["detail"]) =>
        gathered.apply(kind, place, (condition) =>
          take(condition, { kind, place, at, cause, change, late: false, detail }, at, false),
        );
      for (const { cause, detail } of causes)
        if (!known.some(({ name }) => name === cause)) tell(cause, "began", detail);
      for (const { name } of known) if (!causes.some(({ cause }) => cause === name)) tell(name, "ended", {});
      if (gathered.save(undefined)) onChange();
    },
    step(id, asked, at, by) {
      const step = redactStep(asked);
      const alert = table.alert(id);
      if (!alert) return { kind: "unknown" };
      const turn = next(alert, step, at, by);
      switch (turn.kind) {
        case "refused":
          return turn;
        case "same":
          return { kind: "done", alert };
        case "turned":
          table.saveStep({ ...turn, step });
          onChange();
          return { kind: "done", alert: turn.alert };
        default:
          return turn satisfies never;
      }
    },
  };
}

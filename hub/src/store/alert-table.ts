import type { Alert, AlertChange, AlertStep, Instant } from "@openkerb/contract";
import type { Condition } from "../alert/condition.ts";
import { identityOf } from "../alert/identity.ts";
import type { HubStep, Turn } from "../alert/next.ts";
import type { Database } from "./database.ts";

/** One turn of an alert and the step that made it. */
export type AlertTurn = Extract<Turn, { kind: "turned" }> & { readonly step: HubStep | AlertStep };
export type AlertState = "open" | "shelved" | "closed" | "all";
/** An alert as the feed sees it; `line` is the newest line of its history. */
export type AlertAtLine = { readonly line: number; readonly alert: Alert };

export type AlertTable = {
  /** The id of the newest event that has been heard. */
  position(): number;
  /** Hub time of the newest loss that has been told, of those the hub found out itself. */
  noted(): Instant;
  /** Everything that has something going on now. */
  going(): Condition[];
  incident(identity: string): { condition: Condition | undefined; alert: Alert | undefined };
  /** The number a new alert would have. */
  nextNumber(): number;
  /** Writes conditions, alerts with their history and the position: all of it or nothing. */
  save(what: {
    incidents: readonly { condition: Condition; turns: readonly AlertTurn[] }[];
    turns?: readonly AlertTurn[];
    position?: number;
    noted?: Instant;
  }): void;
  /** Writes down what a person is about to do, then one turn: both or nothing. */
  saveStep(turn: AlertTurn): void;
  alert(id: string): Alert | undefined;
  history(id: string): AlertChange[];
  /** The steps of one alert with their times and doers, oldest first: enough to work it out again. */
  steps(id: string): { step: HubStep | AlertStep; at: Instant; by: string }[];
  /** Newest first. Shelved is what is put aside at `now`; open is everything else that is not closed. */
  list(state: AlertState, now: Instant, limit: number): Alert[];
  countOpen(): number;
  changedAfter(line: number, limit: number): AlertAtLine[];
  lastLine(): number;
  /** Alerts whose time on the shelf is over. */
  shelfOver(now: Instant): Alert[];
};

const number = (id: string): number => (/^a[1-9][0-9]{0,14}$/.test(id) ? Number(id.slice(1)) : 0);
export const alertId = (n: number): string => `a${n}`;
const parse = (body: string): Alert => JSON.parse(body) as Alert;

export function alertTable(database: Database): AlertTable {
  const sql = {
    position: database.prepare<[], number>("SELECT event FROM alert_position").pluck(),
    move: database.prepare<[number]>("UPDATE alert_position SET event = ?"),
    noted: database.prepare<[], number>("SELECT noted FROM alert_position").pluck(),
    note: database.prepare<[number]>("UPDATE alert_position SET noted = max(noted, ?)"),
    going: database.prepare<[], string>("SELECT body FROM alert_conditions WHERE going > 0").pluck(),
    condition: database.prepare<[string], string>("SELECT body FROM alert_conditions WHERE identity = ?").pluck(),
    keep: database.prepare<[string, number, string]>(
      `INSERT INTO alert_conditions (identity, going, body) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET going = excluded.going, body = excluded.body`,
    ),
    newest: database
      .prepare<[string], string>("SELECT body FROM alerts WHERE identity = ? ORDER BY number DESC LIMIT 1")
      .pluck(),
    alert: database.prepare<[number], string>("SELECT body FROM alerts WHERE number = ?").pluck(),
    highest: database.prepare<[], number>("SELECT coalesce(max(number), 0) FROM alerts").pluck(),
    put: database.prepare<[number, string, number, number | null, number, number, string]>(
      `INSERT INTO alerts (number, identity, open, shelved, last, changed, body) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET open = excluded.open, shelved = excluded.shelved, last = excluded.last,
         changed = excluded.changed, body = excluded.body`,
    ),
    addChange: database.prepare<[number, number, string, string, string | null, string]>(
      "INSERT INTO alert_changes (alert, at, by, did, text, step) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    history: database.prepare<[number], { at: number; by: string; did: string; text: string | null }>(
      "SELECT at, by, did, text FROM alert_changes WHERE alert = ? ORDER BY line",
    ),
    steps: database.prepare<[number], { at: number; by: string; step: string }>(
      "SELECT at, by, step FROM alert_changes WHERE alert = ? ORDER BY line",
    ),
    changed: database.prepare<[number, number], { line: number; body: string }>(
      "SELECT changed AS line, body FROM alerts WHERE changed > ? ORDER BY changed LIMIT ?",
    ),
    lastLine: database.prepare<[], number>("SELECT coalesce(max(changed), 0) FROM alerts").pluck(),
    shelfOver: database.prepare<[number], string>("SELECT body FROM alerts WHERE shelved <= ?").pluck(),
    countOpen: database.prepare<[], number>("SELECT count(*) FROM alerts WHERE open = 1").pluck(),
    open: database
      .prepare<[number, number], string>(
        "SELECT body FROM alerts WHERE open = 1 AND coalesce(shelved, 0) <= ? ORDER BY last DESC, number DESC LIMIT ?",
      )
      .pluck(),
    shelved: database
      .prepare<[number, number], string>(
        "SELECT body FROM alerts WHERE shelved > ? ORDER BY last DESC, number DESC LIMIT ?",
      )
      .pluck(),
    closed: database
      .prepare<[number], string>("SELECT body FROM alerts WHERE open = 0 ORDER BY changed DESC LIMIT ?")
      .pluck(),
    all: database.prepare<[number], string>("SELECT body FROM alerts ORDER BY changed DESC LIMIT ?").pluck(),
    action: database.prepare<[number, string, string, string]>(
      "INSERT INTO person_actions (at, person, did, about) VALUES (?, ?, ?, ?)",
    ),
  };
  const saveTurn = ({ alert, change, step }: AlertTurn): void => {
    const n = number(alert.id);
    const { at, by, did, text } = change;
    const line = Number(sql.addChange.run(n, at, by, did, text ?? null, JSON.stringify(step)).lastInsertRowid);
    const open = alert.closed === undefined ? 1 : 0;
    const identity = identityOf(alert.kind, alert.place);
    sql.put.run(n, identity, open, alert.shelvedUntil ?? null, alert.last, line, JSON.stringify(alert));
  };
  const save = database.transaction<AlertTable["save"]>(({ incidents, turns = [], position, noted }) => {
    for (const { condition, turns } of incidents) {
      const identity = identityOf(condition.kind, condition.place);
      sql.keep.run(identity, condition.going.length, JSON.stringify(condition));
      for (const turn of turns) saveTurn(turn);
    }
    for (const turn of turns) saveTurn(turn);
    if (position !== undefined) sql.move.run(position);
    if (noted !== undefined) sql.note.run(noted);
  });
  const saveStep = database.transaction<AlertTable["saveStep"]>((turn) => {
    sql.action.run(turn.change.at, turn.change.by, turn.step.do, turn.alert.id);
    saveTurn(turn);
  });
  return {
    position: () => sql.position.get() ?? 0,
    noted: () => (sql.noted.get() ?? 0) as Instant,
    going: () => sql.going.all().map((body) => JSON.parse(body) as Condition),
    incident(identity) {
      const condition = sql.condition.get(identity);
      const alert = sql.newest.get(identity);
      return {
        condition: condition === undefined ? undefined : (JSON.parse(condition) as Condition),
        alert: alert === undefined ? undefined : parse(alert),
      };
    },
    nextNumber: () => (sql.highest.get() ?? 0) + 1,
    save: save.immediate,
    saveStep: saveStep.immediate,
    alert(id) {
      const body = sql.alert.get(number(id));
      return body === undefined ? undefined : parse(body);
    },
    history: (id) =>
      sql.history
        .all(number(id))
        .map(({ text, ...line }) => ({ ...line, ...(text !== null && { text }) }) as AlertChange),
    steps: (id) =>
      sql.steps.all(number(id)).map(({ at, by, step }) => ({ at: at as Instant, by, step: JSON.parse(step) })),
    list(state, now, limit) {
      switch (state) {
        case "open":
          return sql.open.all(now, limit).map(parse);
        case "shelved":
          return sql.shelved.all(now, limit).map(parse);
        case "closed":
          return sql.closed.all(limit).map(parse);
        case "all":
          return sql.all.all(limit).map(parse);
        default:
          return state satisfies never;
      }
    },
    countOpen: () => sql.countOpen.get() ?? 0,
    changedAfter: (line, limit) => sql.changed.all(line, limit).map((r) => ({ line: r.line, alert: parse(r.body) })),
    lastLine: () => sql.lastLine.get() ?? 0,
    shelfOver: (now) => sql.shelfOver.all(now).map(parse),
  };
}

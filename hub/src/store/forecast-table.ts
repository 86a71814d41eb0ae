import type { Sentence } from "@openkerb/contract";
import type { Database } from "./database.ts";

/** What was said of one hour: `known` is the start of the last hour it knew, `horizon` how many hours later it is for. */
export type Said = {
  readonly channel: number;
  readonly known: number;
  readonly horizon: number;
  readonly made: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly persisted: number;
  readonly damped: number;
  /** Whether it lay above the level of warning; undefined where no event is defined. */
  readonly warned: boolean | undefined;
};

/** What was learnt for a channel and a horizon; `facts` is JSON, `model` serialised. */
export type StoredModel = {
  readonly channel: number;
  readonly horizon: number;
  readonly until: number;
  readonly facts: string;
  readonly model: Uint8Array;
};

/** When a channel was last looked at for learning, and why there is no forecast of it. */
export type Look = { readonly channel: number; readonly learnt: number; readonly why: Sentence | undefined };

/** Reads forecasts; a connection that can only read will do. */
export function forecastReader(database: Database): {
  looks(): Look[];
  models(channel: number): StoredModel[];
  /** What models know of themselves, without the models. */
  facts(channel: number): Omit<StoredModel, "model">[];
  /** Start of the last hour known to the newest forecast. */
  newest(channel: number): number | undefined;
  /** What was said by forecasts that knew `from` up to `to`, both meant, oldest first. */
  said(channel: number, from: number, to: number): Said[];
} {
  const looks = database.prepare<[], { channel: number; learnt: number; why: Sentence | null }>(
    "SELECT channel, learnt, why FROM forecast_looks",
  );
  const models = database.prepare<[number], StoredModel>(
    "SELECT channel, horizon, until, facts, model FROM forecast_models WHERE channel = ? ORDER BY horizon",
  );
  const facts = database.prepare<[number], Omit<StoredModel, "model">>(
    "SELECT channel, horizon, until, facts FROM forecast_models WHERE channel = ? ORDER BY horizon",
  );
  const newest = database
    .prepare<[number], number | null>("SELECT max(known) FROM forecasts_said WHERE channel = ?")
    .pluck();
  const said = database.prepare<[number, number, number], Omit<Said, "warned"> & { warned: number | null }>(
    "SELECT * FROM forecasts_said WHERE channel = ? AND known >= ? AND known <= ? ORDER BY known, horizon",
  );
  return {
    looks: () => looks.all().map(({ why, ...look }) => ({ ...look, why: why ?? undefined })),
    models: (channel) => models.all(channel),
    facts: (channel) => facts.all(channel),
    newest: (channel) => newest.get(channel) ?? undefined,
    said: (channel, from, to) =>
      said.all(channel, from, to).map(({ warned, ...row }) => ({
        ...row,
        warned: warned === null ? undefined : warned === 1,
      })),
  };
}

/** Writes forecasts; each call is one transaction. */
export function forecastWriter(database: Database): {
  /** Replaces what was learnt of a channel; no models and a reason when nothing could be. */
  learnt(look: Look, models: readonly StoredModel[]): void;
  /** What has been said once stays: the same hour and horizon again is passed over. */
  say(said: readonly Said[]): void;
  /** Forgets what was said longer than this before the newest of its channel: no clock that leaps can empty it. */
  forgetSaid(keep: number): void;
} {
  const putLook = database.prepare("INSERT OR REPLACE INTO forecast_looks (channel, learnt, why) VALUES (?, ?, ?)");
  const dropModels = database.prepare("DELETE FROM forecast_models WHERE channel = ?");
  const putModel = database.prepare(
    "INSERT INTO forecast_models (channel, horizon, until, facts, model) VALUES (?, ?, ?, ?, ?)",
  );
  const putSaid = database.prepare(
    `INSERT OR IGNORE INTO forecasts_said
       (channel, known, horizon, made, value, low, high, persisted, damped, warned)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const channels = database.prepare<[], number>("SELECT channel FROM forecast_looks").pluck();
  const drop = database.prepare<[number, number, number]>(
    `DELETE FROM forecasts_said WHERE channel = ?
       AND known < (SELECT max(known) FROM forecasts_said WHERE channel = ?) - ?`,
  );
  return {
    learnt: database.transaction((look: Look, models: readonly StoredModel[]) => {
      putLook.run(look.channel, look.learnt, look.why ?? null);
      dropModels.run(look.channel);
      for (const m of models) putModel.run(m.channel, m.horizon, m.until, m.facts, m.model);
    }),
    say: database.transaction((said: readonly Said[]) => {
      for (const s of said)
        putSaid.run(
          s.channel,
          s.known,
          s.horizon,
          s.made,
          s.value,
          s.low,
          s.high,
          s.persisted,
          s.damped,
          s.warned === undefined ? null : Number(s.warned),
        );
    }),
    forgetSaid: database.transaction((keep: number) => {
      for (const channel of channels.all()) drop.run(channel, channel, keep);
    }),
  };
}

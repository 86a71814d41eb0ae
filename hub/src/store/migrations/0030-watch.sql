-- How unusual each hour of a channel was, 0 to 1; NULL where too little was measured to say. `id` is made as that of
-- hour_rollups; `covered` and `total` are the rollup's when it was scored, so that what came late is noticed.
CREATE TABLE air_scores (
  id INTEGER PRIMARY KEY,
  covered INTEGER NOT NULL, total REAL NOT NULL, score REAL
);
-- What was learnt last for a channel and so many hours ahead, and how that did on hours kept apart. `until` is the end
-- of what it knows; `facts` holds HorizonRecord as JSON, `model` the serialised model.
CREATE TABLE forecast_models (
  channel INTEGER NOT NULL, horizon INTEGER NOT NULL,
  until INTEGER NOT NULL, facts TEXT NOT NULL, model BLOB NOT NULL,
  PRIMARY KEY (channel, horizon)
) WITHOUT ROWID;
-- What was said, never changed afterwards. `known` is the start of the last hour it knew, `persisted` that hour's value,
-- `damped` what damped persistence said; `warned` is 1 when it lay above the level of warning, NULL without an event.
CREATE TABLE forecasts_said (
  channel INTEGER NOT NULL, known INTEGER NOT NULL, horizon INTEGER NOT NULL,
  made INTEGER NOT NULL, value REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  persisted REAL NOT NULL, damped REAL NOT NULL, warned INTEGER,
  PRIMARY KEY (channel, known, horizon)
) WITHOUT ROWID;
-- When a channel was last looked at for a forecast, and why there is none.
CREATE TABLE forecast_looks (
  channel INTEGER PRIMARY KEY, learnt INTEGER NOT NULL, why TEXT
);

-- What tests of the hub and officers say of the quality of stretches of a channel; readings and the flags of their
-- devices stay as they came. `decision` is 0 for the tests, else the line of `air_audit` that made it: the newest counts
-- before older ones and before the tests. With `replaces` the flag stands instead of the device's, else the worse of
-- both. Ranges of tests never pass the end of an hour, those of officers never that of a day (UTC).
CREATE TABLE flag_ranges (
  channel INTEGER NOT NULL, start INTEGER NOT NULL, decision INTEGER NOT NULL,
  stop INTEGER NOT NULL, flag INTEGER NOT NULL, replaces INTEGER NOT NULL,
  PRIMARY KEY (channel, start, decision)
) WITHOUT ROWID;
-- Hours (ids as in hour_rollups) that have readings no test has looked at; written with the readings. `own` is 0 when
-- only its neighbours have changed.
CREATE TABLE quality_waiting (id INTEGER PRIMARY KEY, own INTEGER NOT NULL);
INSERT INTO quality_waiting SELECT id, 1 FROM hour_rollups;

-- What the tests doubt, hour by hour, and the item of the review queue it belongs to (NULL: it was decided before).
CREATE TABLE doubts (
  channel INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, flag INTEGER NOT NULL,
  readings INTEGER NOT NULL, tests TEXT NOT NULL, item INTEGER,
  PRIMARY KEY (channel, start)
) WITHOUT ROWID;
CREATE TABLE review_items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, flag INTEGER NOT NULL,
  readings INTEGER NOT NULL, tests TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open', decision TEXT
);
CREATE INDEX review_items_state ON review_items (state, start);
CREATE INDEX review_items_channel ON review_items (channel, start);

CREATE TABLE validations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
  reason TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, withdrawn INTEGER
);
CREATE INDEX validations_channel ON validations (channel, start);

-- What officers did to readings, written down before it takes effect.
CREATE TABLE air_audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
  channel INTEGER, start INTEGER, stop INTEGER, item INTEGER, words TEXT NOT NULL, reason TEXT
);
CREATE INDEX air_audit_channel ON air_audit (channel, id);
CREATE INDEX air_audit_item ON air_audit (item) WHERE item IS NOT NULL;
CREATE TRIGGER air_audit_stays BEFORE UPDATE ON air_audit
  BEGIN SELECT raise(ABORT, 'what officers did is only ever added to'); END;
CREATE TRIGGER air_audit_remains BEFORE DELETE ON air_audit
  BEGIN SELECT raise(ABORT, 'what officers did is only ever added to'); END;

CREATE TABLE colocations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, sensor INTEGER NOT NULL, reference INTEGER, body TEXT NOT NULL, pairs BLOB NOT NULL
);
CREATE INDEX colocations_sensor ON colocations (sensor, id);

-- A correction in use. Its hours stand in the rollups of the channel `gives`, made from the hours of `channel` and of
-- `humidity`. Hours from `start` to before `derived` are made and follow every change; the others are still to come.
CREATE TABLE correction_uses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel INTEGER NOT NULL, gives INTEGER NOT NULL, humidity INTEGER, correction TEXT NOT NULL, source TEXT NOT NULL,
  input TEXT, gain REAL, offset REAL, start INTEGER NOT NULL, stop INTEGER, derived INTEGER NOT NULL,
  by TEXT NOT NULL, at INTEGER NOT NULL
);

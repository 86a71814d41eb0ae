-- `number` is what people call an alert by. `changed` is the newest line of its history: the cursor of the feed.
CREATE TABLE alerts (
  number INTEGER PRIMARY KEY,
  identity TEXT NOT NULL,
  open INTEGER NOT NULL,
  shelved INTEGER,
  last INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  body TEXT NOT NULL
);
-- What the state machine promises, promised once more where it cannot be forgotten.
CREATE UNIQUE INDEX alerts_open ON alerts (identity) WHERE open = 1;
CREATE INDEX alerts_identity ON alerts (identity, number);
CREATE INDEX alerts_changed ON alerts (changed);
CREATE INDEX alerts_shelved ON alerts (shelved) WHERE shelved IS NOT NULL;

-- Every change with the step that made it, so that an alert can be worked out again from its history.
CREATE TABLE alert_changes (
  line INTEGER PRIMARY KEY AUTOINCREMENT,
  alert INTEGER NOT NULL,
  at INTEGER NOT NULL,
  by TEXT NOT NULL,
  did TEXT NOT NULL,
  text TEXT,
  step TEXT NOT NULL
);
CREATE INDEX alert_changes_alert ON alert_changes (alert, line);
CREATE TRIGGER alert_changes_stay BEFORE UPDATE ON alert_changes
  BEGIN SELECT raise(ABORT, 'the history of alerts is only ever added to'); END;
CREATE TRIGGER alert_changes_remain BEFORE DELETE ON alert_changes
  BEGIN SELECT raise(ABORT, 'the history of alerts is only ever added to'); END;

-- What is going on at each place, as far as alerts must remember it.
CREATE TABLE alert_conditions (
  identity TEXT PRIMARY KEY, going INTEGER NOT NULL, body TEXT NOT NULL
) WITHOUT ROWID;

-- Up to which event everything has been heard; written together with what came of it.
CREATE TABLE alert_position (one INTEGER PRIMARY KEY CHECK (one = 1), event INTEGER NOT NULL);
INSERT INTO alert_position (one, event) VALUES (1, 0);

-- What people did, written down before it takes effect.
CREATE TABLE person_actions (
  line INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  person TEXT NOT NULL,
  did TEXT NOT NULL,
  about TEXT
);
CREATE TRIGGER person_actions_stay BEFORE UPDATE ON person_actions
  BEGIN SELECT raise(ABORT, 'what people did is only ever added to'); END;
CREATE TRIGGER person_actions_remain BEFORE DELETE ON person_actions
  BEGIN SELECT raise(ABORT, 'what people did is only ever added to'); END;

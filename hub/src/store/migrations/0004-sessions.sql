-- Only a digest of the cookie is kept: who reads the database cannot log in with it.
CREATE TABLE sessions (
  digest BLOB PRIMARY KEY, person TEXT NOT NULL, login TEXT NOT NULL, began INTEGER NOT NULL, seen INTEGER NOT NULL
) WITHOUT ROWID;
-- Secrets of this hub, made once.
CREATE TABLE hub_keys (name TEXT PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;

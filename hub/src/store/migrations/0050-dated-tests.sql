-- How a metric was tested from an hour on (0: always), as JSON; each hour is tested as was set for it, however late.
CREATE TABLE quality_settings (
  metric TEXT NOT NULL, start INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (metric, start)
) WITHOUT ROWID;
-- Days (numbers since 1970, both included) in which the drift of a channel is to be judged anew: days before came late.
CREATE TABLE drift_waiting (channel INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL);

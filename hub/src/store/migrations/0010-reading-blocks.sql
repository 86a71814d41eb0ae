-- No box of a released version ever sent a reading, so the first form of these tables was never filled.
DROP TABLE readings;
DROP TABLE series;

-- What is measured at one place by one sensor in one unit: values of a channel may be averaged with one another.
-- All but the id are words; raw and corrected values are different channels.
CREATE TABLE channels (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL, device INTEGER NOT NULL, sensor INTEGER NOT NULL, metric INTEGER NOT NULL,
  unit INTEGER NOT NULL, reference INTEGER NOT NULL, correction INTEGER NOT NULL,
  UNIQUE (site, device, sensor, metric, unit, reference, correction)
);
-- A channel as one outbox sends it, with one averaging time and one provenance.
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL, stream INTEGER NOT NULL, averaging INTEGER NOT NULL, provenance INTEGER NOT NULL,
  UNIQUE (channel, stream, averaging, provenance)
);
-- Raw readings of a series, packed by the hour (shorter where there are many): `id` is the series times 2^27 plus the
-- minute since 1970 at which the block begins. `at`, `sequence` and `delay` are those of the reading added last, so
-- that the next one is written as its difference. Readings are only ever appended, never changed.
CREATE TABLE reading_blocks (
  id INTEGER PRIMARY KEY,
  count INTEGER NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL, delay INTEGER NOT NULL, body BLOB NOT NULL
);
-- Hours and days (UTC) of a channel: `id` is the channel times 2^21 plus the number of the hour or day since 1970.
-- n1 … n9 count the readings by quality flag. `covered` (ms), `total`, `side`, `least` and `most` are of those with
-- flags 1, 2 and 3: `total` is the sum of values times their averaging time; what kind of mean it makes depends on the
-- metric, and `side` is the second part of a mean of directions.
CREATE TABLE hour_rollups (
  id INTEGER PRIMARY KEY,
  n1 INTEGER NOT NULL, n2 INTEGER NOT NULL, n3 INTEGER NOT NULL, n4 INTEGER NOT NULL, n9 INTEGER NOT NULL,
  covered INTEGER NOT NULL, total REAL NOT NULL, side REAL NOT NULL, least REAL, most REAL
);
CREATE TABLE day_rollups (
  id INTEGER PRIMARY KEY,
  n1 INTEGER NOT NULL, n2 INTEGER NOT NULL, n3 INTEGER NOT NULL, n4 INTEGER NOT NULL, n9 INTEGER NOT NULL,
  covered INTEGER NOT NULL, total REAL NOT NULL, side REAL NOT NULL, least REAL, most REAL
);

-- Names that repeat on every row (sites, devices, lines, provenance) are kept once and pointed at.
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);

CREATE TABLE devices (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL,
  site TEXT NOT NULL,
  birth TEXT NOT NULL,
  epoch TEXT NOT NULL,
  session INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  health TEXT,
  heard INTEGER
);

-- One row per outbox a device ever had. Everything up to the watermark is stored, refused by name or known lost.
CREATE TABLE streams (
  id INTEGER PRIMARY KEY,
  device INTEGER NOT NULL REFERENCES devices,
  epoch TEXT NOT NULL,
  watermark INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  UNIQUE (device, epoch)
);
-- What came beyond a gap, so that the watermark can jump when the gap is filled.
CREATE TABLE ahead (
  stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (stream, first)
) WITHOUT ROWID;
-- Data that nobody has any more. `last` is null when the end is not known.
CREATE TABLE missing (
  stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER, why TEXT NOT NULL, noted INTEGER NOT NULL,
  PRIMARY KEY (stream, first)
) WITHOUT ROWID;

-- `id` is the order of arrival and the cursor of every feed; it is handed out by the hub and never reused.
-- `content` is the word that holds what an event shares with thousands of others (kind, camera, line, class, clock,
-- quality, provenance); `dwell` and `body` are what it has of its own.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  site INTEGER NOT NULL,
  content INTEGER NOT NULL,
  backfill INTEGER NOT NULL,
  at INTEGER NOT NULL,
  received INTEGER NOT NULL,
  dwell INTEGER,
  body TEXT
);
CREATE UNIQUE INDEX events_key ON events (stream, sequence);
CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

-- One row per thing measured in one way by one outbox; readings then repeat nothing but time and value.
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  stream INTEGER NOT NULL, sensor INTEGER NOT NULL, metric INTEGER NOT NULL, averaging INTEGER NOT NULL,
  unit INTEGER NOT NULL, reference INTEGER NOT NULL, provenance INTEGER NOT NULL,
  UNIQUE (stream, sensor, metric, averaging, unit, reference, provenance)
);
-- `delay` is received minus at, `quality` the QARTOD flag plus 16 times the clock's quality.
CREATE TABLE readings (
  series INTEGER NOT NULL, at INTEGER NOT NULL, sequence INTEGER NOT NULL,
  value REAL NOT NULL, quality INTEGER NOT NULL, delay INTEGER NOT NULL,
  PRIMARY KEY (series, at, sequence)
) WITHOUT ROWID;

-- Items that were refused (no body: their content was never kept) or whose time lies in the future.
CREATE TABLE set_aside (
  stream INTEGER NOT NULL, sequence INTEGER NOT NULL, why TEXT NOT NULL, received INTEGER NOT NULL, body TEXT,
  PRIMARY KEY (stream, sequence)
) WITHOUT ROWID;
CREATE TABLE refusals (
  device TEXT NOT NULL, why TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (device, why)
) WITHOUT ROWID;

-- Counts per camera in bins of a minute and of an hour, kept in step with the events in the same transaction.
CREATE TABLE cameras (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, device TEXT NOT NULL, camera TEXT NOT NULL, UNIQUE (site, device, camera)
);
CREATE TABLE watched (
  camera INTEGER NOT NULL, span INTEGER NOT NULL, start INTEGER NOT NULL, watched INTEGER NOT NULL,
  PRIMARY KEY (camera, span, start)
) WITHOUT ROWID;
CREATE TABLE line_counts (
  camera INTEGER NOT NULL, span INTEGER NOT NULL, start INTEGER NOT NULL, line INTEGER NOT NULL, class INTEGER NOT NULL,
  came_in INTEGER NOT NULL, went_out INTEGER NOT NULL,
  PRIMARY KEY (camera, span, start, line, class)
) WITHOUT ROWID;
-- `occupied` is the mean number of road users times the milliseconds it was seen, so that bins can be added up.
CREATE TABLE zone_counts (
  camera INTEGER NOT NULL, span INTEGER NOT NULL, start INTEGER NOT NULL, zone INTEGER NOT NULL, class INTEGER NOT NULL,
  entered INTEGER NOT NULL, occupied REAL NOT NULL, most INTEGER NOT NULL,
  PRIMARY KEY (camera, span, start, zone, class)
) WITHOUT ROWID;

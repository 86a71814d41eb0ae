-- Hours (ids as in hour_rollups) of a validation whose values changed after it, otherwise than by an officer's decision.
CREATE TABLE validation_lapses (
  validation INTEGER NOT NULL, hour INTEGER NOT NULL, PRIMARY KEY (validation, hour)
) WITHOUT ROWID;
-- So far this was told from raw readings, which say of the one added last when it is of and how much later it came.
INSERT OR IGNORE INTO validation_lapses
  SELECT v.id, v.channel * 2097152 + (b.id % 134217728) / 60
  FROM validations v JOIN series s ON s.channel = v.channel
  JOIN reading_blocks b ON b.id >= s.id * 134217728 + v.start / 3600000 * 60
    AND b.id < s.id * 134217728 + (v.stop + 59999) / 60000
  WHERE b.at + b.delay > v.at AND v.withdrawn IS NULL;

-- A channel has one correction at a time: where two were in use, the one that was ordered later is.
INSERT INTO air_audit (at, by, action, channel, start, stop, words, reason)
  SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000, 'hub', 'correction-ended', u.channel, u.start, max(u.start, min(n.start)),
    u.correction || ' gave way to ' || n.correction || ' from '
      || strftime('%Y-%m-%dT%H', max(u.start, min(n.start)) / 1000, 'unixepoch')
      || ':00 UTC on; what it made of later hours counts no more', 'a channel has one correction at a time'
  FROM correction_uses u JOIN correction_uses n ON n.channel = u.channel AND n.id > u.id
    AND ifnull(n.stop, 4503599627370496) > max(n.start, u.start) AND ifnull(u.stop, 4503599627370496) > max(n.start, u.start)
  GROUP BY u.id;
CREATE TEMP TABLE ended_uses AS
  SELECT u.id, u.gives, max(u.start, min(n.start)) AS stop, ifnull(u.stop, 4503599627370496) AS was
  FROM correction_uses u JOIN correction_uses n ON n.channel = u.channel AND n.id > u.id
    AND ifnull(n.stop, 4503599627370496) > max(n.start, u.start) AND ifnull(u.stop, 4503599627370496) > max(n.start, u.start)
  GROUP BY u.id;
UPDATE correction_uses SET stop = (SELECT stop FROM ended_uses e WHERE e.id = correction_uses.id)
  WHERE id IN (SELECT id FROM ended_uses);
DELETE FROM hour_rollups WHERE id IN (
  SELECT h.id FROM ended_uses e JOIN hour_rollups h ON h.id >= e.gives * 2097152 + (e.stop + 3599999) / 3600000
    AND h.id < min(e.gives * 2097152 + (e.was + 3599999) / 3600000, (e.gives + 1) * 2097152));
DELETE FROM day_rollups WHERE id IN (
  SELECT d.id FROM ended_uses e JOIN day_rollups d ON d.id >= e.gives * 2097152 + e.stop / 86400000
    AND d.id < min(e.gives * 2097152 + (e.was + 86399999) / 86400000, (e.gives + 1) * 2097152));
INSERT OR REPLACE INTO day_rollups
  SELECT e.gives * 2097152 + e.stop / 86400000, sum(n1), sum(n2), sum(n3), sum(n4), sum(n9),
    sum(covered), sum(total), sum(side), min(least), max(most)
  FROM ended_uses e JOIN hour_rollups h ON h.id >= e.gives * 2097152 + e.stop / 86400000 * 24
    AND h.id < e.gives * 2097152 + e.stop / 86400000 * 24 + 24
  GROUP BY e.id;
DROP TABLE ended_uses;

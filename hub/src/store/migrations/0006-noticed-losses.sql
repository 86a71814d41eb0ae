-- Up to when losses that the hub itself found out have been told; the others come as events.
ALTER TABLE alert_position ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;

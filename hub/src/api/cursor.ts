import type { Instant } from "@openkerb/contract";

/** How far a reader of the feed has come, in each of the three things it tells of. */
export type Cursor = {
  /** The id of the newest event. */
  readonly event: number;
  /** The newest line of the alerts' history. */
  readonly line: number;
  /** Hub time of the newest change of a box. */
  readonly moment: Instant;
};

/** An id for server-sent events. It names the database too, so that ids of another one are not taken for ours. */
export const cursorId = (hub: string, { event, line, moment }: Cursor): string =>
  `${hub}-${event.toString(36)}-${line.toString(36)}-${moment.toString(36)}`;

/** Undefined for what is not an id of this hub. */
export function readCursor(id: string, hub: string): Cursor | undefined {
  const match = /^([0-9a-f]{8})-([0-9a-z]{1,11})-([0-9a-z]{1,11})-([0-9a-z]{1,11})$/.exec(id);
  if (match?.[1] !== hub) return undefined;
  const [event = 0, line = 0, moment = 0] = match.slice(2).map((part) => Number.parseInt(part, 36));
  return { event, line, moment: moment as Instant };
}

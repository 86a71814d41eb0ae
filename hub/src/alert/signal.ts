import type { Alert, AlertKind, Instant, Place } from "@openkerb/contract";

/** What a stored event, a device's state or its silence says about a place. Not yet an alert: see `condition.ts`. */
export type Signal = {
  readonly kind: AlertKind;
  readonly place: Place;
  /** Best known time of it: the device's, or the hub's when the device's clock is plainly off. */
  readonly at: Instant;
  /**
   * Which of the things that may go on there: the trouble's name, or that a vehicle stands. Together with `began` it
   * finds the beginning that an end belongs to.
   */
  readonly cause: string;
  /** Device time when it began to stand; absent for a trouble, of which there is one of each name. */
  readonly began?: Instant;
  /** `changed` tells more or other things of what goes on already. */
  readonly change: "began" | "changed" | "ended" | "happened";
  /** Not told when it happened but afterwards, so that its end may be on its way already. */
  readonly late: boolean;
  readonly detail: Alert["detail"];
};

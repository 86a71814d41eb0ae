import { type DeviceId, hours, type Instant } from "@openkerb/contract";

/** A box begins a new outbox when its card is damaged or exchanged. More than this within an hour is something else. */
const perHour = 30;

/**
 * How many new outboxes each box began lately. The hub keeps a watermark for every one for ever, so that a box that
 * makes up one after another must not have them all.
 */
export function newOutboxes(): { mayBegin(device: DeviceId, at: Instant): boolean } {
  const begun = new Map<DeviceId, readonly Instant[]>();
  return {
    mayBegin(device, at) {
      const recent = (begun.get(device) ?? []).filter((time) => Math.abs(at - time) < hours(1));
      if (recent.length >= perHour) return false;
      begun.set(device, [...recent, at]);
      return true;
    },
  };
}

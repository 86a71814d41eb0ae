import type { DeviceId, Instant } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { addressOf } from "../broker/address.ts";
import { trialCity } from "../broker/trial-box.ts";
import { mqttToInbox, type Receipt } from "./mqtt-to-inbox.ts";

const address = addressOf(trialCity, "box-1" as DeviceId);
const batch = (size: number): Buffer =>
  Buffer.from(JSON.stringify({ v: 1, epoch: "00000000000000aa", sent: 1, items: Array(size).fill({}) }));

describe("the inbox", () => {
  it("gives out together what came together, with the time it came", async () => {
    let clock = 5;
    const inbox = mqttToInbox(() => clock as Instant);
    const groups = inbox[Symbol.asyncIterator]();
    for (let n = 0; n < 3; n++) inbox.take(address, "events", batch(1));
    clock = 6;
    inbox.refuse(address.device, "too-large");
    const { value } = await groups.next();
    expect(value?.map((r: Receipt) => [r.kind, r.received])).toEqual([
      ["events", 5],
      ["events", 5],
      ["events", 5],
      ["refused", 6],
    ]);
  });

  it("gives a single message out without waiting for another", async () => {
    const inbox = mqttToInbox(() => 1 as Instant);
    const groups = inbox[Symbol.asyncIterator]();
    for (let n = 0; n < 20; n++) {
      inbox.take(address, "health", Buffer.from("{}"));
      expect((await groups.next()).value).toHaveLength(1);
    }
  });

  it("asks bringers to wait while too much waits, keeps all of it, and lets them go on when it is taken out", async () => {
    const inbox = mqttToInbox(() => 1 as Instant);
    let asked: Promise<void> | undefined;
    let messages = 0;
    while (asked === undefined) {
      asked = inbox.take(address, "events", batch(500));
      messages++;
    }
    expect(messages).toBe(40);
    expect(inbox.take(address, "events", batch(1))).toBe(asked);
    let free = false;
    void asked.then(() => {
      free = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(free).toBe(false);
    const { value } = await inbox[Symbol.asyncIterator]().next();
    expect(value).toHaveLength(41);
    await asked;
    expect(inbox.waiting).toBe(0);
    expect(inbox.take(address, "events", batch(1))).toBeUndefined();
  });

  it("gives out what it has when it is closed, and ends", async () => {
    const inbox = mqttToInbox(() => 1 as Instant);
    inbox.take(address, "events", batch(2));
    inbox.close();
    inbox.take(address, "events", batch(3));
    const sizes: number[] = [];
    for await (const group of inbox) sizes.push(group.length);
    expect(sizes).toEqual([1]);
  });
});

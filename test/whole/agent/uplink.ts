import { createHash } from "node:crypto";
import {
  type Address,
  type Birth,
  CityId,
  DeviceId,
  type Health,
  type Instant,
  millis,
  SiteId,
  shardOf,
} from "@openkerb/contract";
import { crossing, type Outbox, outboxToMqtt, type Pace, type Uplink, type UplinkJournal } from "@openkerb/edge-agent";

const device = DeviceId.parse("box-7");
export const address: Address = {
  city: CityId.parse("testville"),
  shard: shardOf(createHash("sha256").update(device).digest()),
  device,
};

const birth: Uplink["birth"] = ({ session, epoch, next }): Birth => ({
  v: 1,
  device,
  site: SiteId.parse("corner"),
  session,
  epoch,
  next,
  software: "test",
  config: "000000000000",
  cameras: [],
  sensors: [],
});

const health = (outbox: Outbox) => async (): Promise<Health> => {
  const { depth, lost } = outbox.standing();
  return { v: 1, at: Date.now() as Instant, uptime: millis(0), memory: 0, outbox: { depth, lost }, cameras: [] };
};

/** Every line of the journal, by name, with what was said. */
export type Said = (readonly [name: keyof UplinkJournal, ...what: readonly unknown[]])[];

const names: readonly (keyof UplinkJournal)[] = [
  "hubConnected",
  "hubLost",
  "birthUnanswered",
  "ackRefused",
  "ackMissing",
  "resendAsked",
  "resendRefused",
  "orderRefused",
  "commandAnswered",
];

export type Running = AsyncDisposable & { readonly said: Said; stop(): Promise<void> };

/** The real stage with a box's surroundings made up. */
export function startUplink(
  outbox: Outbox,
  url: string,
  { pace, ...more }: { pace?: Partial<Pace> } & Partial<Omit<Uplink, "pace">> = {},
): Running {
  const said: Said = [];
  const journal = Object.fromEntries(
    names.map((name) => [name, (...what: readonly unknown[]) => said.push([name, ...what])]),
  ) as unknown as UplinkJournal;
  const end = new AbortController();
  const running = outboxToMqtt(
    {
      outbox,
      hub: { url },
      address,
      birth,
      health: health(outbox),
      obey: async () => "done",
      answer: (command, outcome) => {
        const { at, clock, quality, provenance } = crossing(1);
        return { kind: "command-answered", at, clock, quality, provenance, command, outcome };
      },
      desired: () => undefined,
      journal,
      pace: { firstPause: millis(100), ...pace },
      ...more,
    },
    end.signal,
  );
  // Seen where it is awaited; before that it must not end the test run.
  running.catch(() => undefined);
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  return { said, stop, [Symbol.asyncDispose]: stop };
}

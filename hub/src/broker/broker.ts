import {
  type Address,
  type CityId,
  type DeviceId,
  type DownStream,
  type HubConfig,
  Trouble,
  type UpStream,
} from "@openkerb/contract";
import type { Journal } from "../journal.ts";
import type { Refusal } from "../store/store.ts";
import { openEmbeddedBroker } from "./embedded-broker.ts";
import { openExternalBroker } from "./external-broker.ts";

/** What the hub needs of a broker, be it the one inside it or another. */
export interface Broker extends AsyncDisposable {
  /** The port of the embedded endpoint; undefined for another broker. */
  readonly port: number | undefined;
  /**
   * Says something to a device. Nothing is promised: a device that is away hears only what is retained, and
   * everything that matters is said again. Returns whether it was handed over.
   */
  send(address: Address, stream: DownStream, payload: string, options?: { readonly retain?: boolean }): boolean;
  /** Devices that are there now, as far as the broker knows. */
  connected(): readonly DeviceId[];
}

export type BrokerParts = {
  readonly config: HubConfig["broker"];
  readonly city: CityId;
  readonly devices: HubConfig["devices"];
  /** Called for everything devices say. A promise asks the broker to slow this device down until it settles. */
  readonly onMessage: (address: Address, stream: UpStream, payload: Buffer) => Promise<void> | undefined;
  /** Called for what the broker itself turned away. */
  readonly onRefused: (device: DeviceId, why: Refusal) => void;
  readonly journal: Journal;
  /** Two hex digits each; only these parts of the city. External brokers only. */
  readonly shards?: readonly string[];
};

/**
 * Opens the door for devices. Fails at once where a mistake shows at once; afterwards it stays open by itself.
 * @throws Trouble when the port is taken, a file is missing, or the door would stand open to strangers
 */
export function openBroker(parts: BrokerParts): Promise<Broker> {
  const { config } = parts;
  switch (config.kind) {
    case "embedded":
      return openEmbeddedBroker({ ...parts, config });
    case "external":
      return openExternalBroker({ ...parts, config });
    default:
      throw new Trouble(`unknown kind of broker ${JSON.stringify(config satisfies never)}`);
  }
}
export { isLoopback } from "./loopback.ts";

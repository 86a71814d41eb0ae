import { type Address, downStreams, downTopic, type UpStream, upStreams, upTopic } from "@openkerb/contract";

/** One device while it is connected. */
export type Guest = {
  readonly address: Address;
  /** The only topics it may publish to. */
  readonly up: ReadonlyMap<string, UpStream>;
  /** The filters it listens to. */
  readonly listens: Set<string>;
};

export const guestAt = (address: Address): Guest => ({
  address,
  up: new Map(upStreams.map((stream) => [upTopic(address, stream), stream])),
  listens: new Set(),
});

/** The filters a device may subscribe to: all of its own `down/`, or single streams of it. */
const filtersOf = (address: Address): readonly string[] => {
  const all = downTopic(address, "ack").replace(/ack$/, "");
  return [`${all}#`, `${all}+`, ...downStreams.map((stream) => downTopic(address, stream))];
};
export const mayListen = (address: Address, filter: string): boolean => filtersOf(address).includes(filter);

/** Whether it asked for what is said under this topic of its own. */
export const hears = ({ address, listens }: Guest, topic: string): boolean =>
  [...listens].some((filter) => filter === topic || (/[#+]$/.test(filter) && mayListen(address, filter)));

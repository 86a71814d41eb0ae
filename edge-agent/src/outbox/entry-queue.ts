import type { Fact } from "./outbox.ts";

/** A fact on its way to the disk. */
export type Entry = { readonly kind: "event" | "reading"; readonly body: string; readonly group: Group };
type Group = { left: number; readonly kept: () => void; readonly failed: (err: Error) => void };

/**
 * Facts in memory until their commit. It is bounded: with a disk that takes nothing, the oldest give way to the newest
 * and are counted in `givenUp`, so that they still get numbers and are reported.
 */
export type EntryQueue = {
  readonly length: number;
  givenUp: number;
  /** Resolves when all of them are committed or given up. */
  add(facts: readonly Fact[]): Promise<void>;
  peek(count: number): readonly Entry[];
  /** The first `count` are on the disk. */
  done(count: number): void;
  refuse(err: Error): void;
};

export function entryQueue(limit: number): EntryQueue {
  let entries: Entry[] = [];
  const settle = (gone: readonly Entry[]): void => {
    for (const { group } of gone) if (--group.left === 0) group.kept();
  };
  return {
    get length() {
      return entries.length;
    },
    givenUp: 0,
    add(facts) {
      if (facts.length === 0) return Promise.resolve();
      return new Promise((kept, failed) => {
        const group = { left: facts.length, kept, failed };
        for (const fact of facts) {
          entries.push(
            "event" in fact
              ? { kind: "event", body: JSON.stringify(fact.event), group }
              : { kind: "reading", body: JSON.stringify(fact.reading), group },
          );
        }
        if (entries.length > limit) {
          const gone = entries.splice(0, entries.length - limit);
          this.givenUp += gone.length;
          settle(gone);
        }
      });
    },
    peek: (count) => entries.slice(0, count),
    done: (count) => settle(entries.splice(0, count)),
    refuse: (err) => {
      for (const { group } of entries) group.failed(err);
      entries = [];
    },
  };
}

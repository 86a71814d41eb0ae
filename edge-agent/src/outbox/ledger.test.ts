import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Outbox, silentOutboxJournal } from "./outbox.ts";
import { openSqliteOutbox } from "./sqlite-outbox.ts";
import { crossing, numberOf, tell } from "./synthetic.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ledger-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = { items: 1_000_000, bytes: Number.POSITIVE_INFINITY };

/** The hub's side of the protocol, as far as numbers go: known by number, acknowledged without a hole. */
function hub() {
  const stored = new Map<number, number>();
  let upTo = 0;
  return {
    stored,
    get upTo() {
      return upTo;
    },
    take(sequence: number, body: string): void {
      if (!stored.has(sequence)) stored.set(sequence, numberOf(JSON.parse(body)));
      while (stored.has(upTo + 1)) upTo++;
    },
  };
}

/** One connection: the hub says how far it is, the box sends, the line may break in the middle or before the ack. */
function meet(outbox: Outbox, of: ReturnType<typeof hub>, dice: () => number): void {
  expect(outbox.acked(outbox.epoch, of.upTo)).toBe("forgotten");
  const items = outbox.waiting(outbox.standing().acked, everything);
  const arrive = dice() < 0.4 ? Math.floor(dice() * (items.length + 1)) : items.length;
  for (const { sequence, body } of items.slice(0, arrive)) of.take(sequence, body);
  if (dice() < 0.6) outbox.acked(outbox.epoch, of.upTo);
}

it.each([1, 2, 3, 4])(
  "whatever is kept is stored once, through lost acks, restarts and a card put back from its image (seed %i)",
  async (seed) => {
    let state = seed;
    const dice = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const [card, image] = [join(folder, "card"), join(folder, "image")];
    const city = hub();
    let renumbered = 0;
    const journal = {
      ...silentOutboxJournal,
      outboxSetBack: (count: number) => {
        renumbered += count;
      },
    };
    const open = (): Promise<Outbox> => openSqliteOutbox(card, { tell, journal });
    let made = 0;
    const kept = new Set<number>();
    let onImage: ReadonlySet<number> | undefined;
    for (let start = 0; start < 25; start++) {
      {
        await using outbox = await open();
        let met = false;
        for (let step = 0; step < 6; step++) {
          const next = dice();
          if (next < 0.45) {
            const facts = Array.from({ length: 1 + Math.floor(dice() * 30) }, () => ({ event: crossing(++made) }));
            await outbox.append(facts);
            for (const { event } of facts) kept.add(numberOf(event));
          } else if (next < 0.85) {
            meet(outbox, city, dice);
            met = true;
          } else if (next < 0.93 && met) {
            cpSync(card, image, { recursive: true });
            onImage = new Set(kept);
          }
        }
      }
      if (onImage === undefined || dice() > 0.3) continue;
      rmSync(card, { recursive: true });
      cpSync(image, card, { recursive: true });
      // What was neither on the image nor with the hub went with the card.
      const there = new Set([...city.stored.values(), ...onImage]);
      for (const n of kept) if (!there.has(n)) kept.delete(n);
    }
    await using outbox = await open();
    for (let end = 0; end < 3; end++) meet(outbox, city, () => 0.5);
    const values = [...city.stored.values()];
    expect(new Set(values).size).toBe(values.length);
    expect([...kept].filter((n) => !values.includes(n))).toEqual([]);
    expect(outbox.standing().depth).toBe(0);
    expect(renumbered).toBeGreaterThan(0);
  },
  60_000,
);

// Appends until it is killed, and says what was confirmed to it; the crash test reads what the disk has.
import { openSqliteOutbox } from "./sqlite-outbox.ts";
import { crossing, tell } from "./synthetic.ts";

const outbox = await openSqliteOutbox(process.argv[2] ?? "", { tell, quota: 64 * 1024 * 1024 });
const { next } = outbox.standing();
let made: number = next;
let acked = 0;
for (;;) {
  const count = 1 + (made % 7);
  const facts = Array.from({ length: count }, () => ({ event: crossing(made++) }));
  await outbox.append(facts);
  if (made % 5 === 0) {
    acked = made - 20;
    // Said before it is done: what was maybe forgotten must not be missed.
    process.send?.({ next, confirmed: made - 1, acked });
    // A hub has only what was given out to it.
    outbox.waiting(Math.max(0, acked - 1), { items: 1, bytes: 1 });
    outbox.acked(outbox.epoch, Math.max(0, acked));
  }
  process.send?.({ next, confirmed: made - 1, acked });
}

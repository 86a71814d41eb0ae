// Kills the box, the hub or an external mosquitto at 50 random moments while 10,000 events flow, once with the
// embedded broker and once with mosquitto, and counts what is lost or stored twice.
//
//   npm run soak -- [--kills 50] [--events 10000] [--seed 1]
import { parseArgs } from "node:util";
import { dice, killing } from "./killing.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    events: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
  },
});
const events = Number(values.events);
const kills = Number(values.kills);
console.log(`seed ${values.seed}`);
let bad = 0;
for (const broker of ["embedded", "mosquitto"] as const) {
  const began = performance.now();
  const outcome = await killing({
    broker,
    kills,
    events,
    rate: 1000,
    random: dice(Number(values.seed)),
    tell: (line) => console.log(`${broker}: ${line}`),
  });
  const { killed, made, stored, lost, twice, wrong, missing } = outcome;
  const deaths = Object.entries(killed).map(([who, n]) => `${who} ${n}`);
  console.log(
    `${broker}: ${kills} kills (${deaths.join(", ")}) in ${((performance.now() - began) / 1000).toFixed(0)} s; ` +
      `${made} made, ${stored} stored, ${lost} lost, ${twice} stored twice, ${wrong} wrong, ${missing} called missing`,
  );
  if (lost + twice + wrong + missing > 0 || stored !== made || made < events) bad++;
}
console.log(bad === 0 ? "0 lost, 0 stored twice" : "data was lost or doubled");
process.exitCode = bad === 0 ? 0 : 1;

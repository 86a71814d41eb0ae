import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { class1 } from "@openkerb/edge-agent/noise/class-1";
import { responseOf, weighting, weightingAt } from "@openkerb/edge-agent/noise/weighting";
import { anomalyRows } from "./air/anomalies.ts";
import { associationRows } from "./air/association.ts";
import { forecastRows } from "./air/forecasts.ts";
import { frameRows } from "./air/frames.ts";
import { printed } from "./air/printed.ts";
import { qualityRows } from "./air/quality.ts";
import type { Row } from "./air/row.ts";
import { vectorRows } from "./air/vectors.ts";

const shared = process.env.OPENKERB_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));
const air = join(shared, "data/air");

async function colocationRows(): Promise<Row[]> {
  const [sensor, reference] = ["toco_toucan_RT01_raw.csv", "airnowtech_example_reference_data.csv"].map((f) =>
    join(air, f),
  );
  const args = ["air", "colocate", "--sensor", sensor!, "--reference", reference!, "--sensor-column", "NO2", "--json"];
  const { verdict, reason } = JSON.parse(await printed(args)) as { verdict: string; reason: string | null };
  return [
    {
      what: "the dead NO2 channel",
      measured: `${verdict}: ${reason}`,
      least: "refused, with the reason",
      met: verdict === "refused" && reason !== null,
    },
  ];
}

function weightingRow(): Row {
  const filter = weighting("A", 48_000);
  let worst = { share: 0, hertz: 0, off: 0 };
  for (const [n, , , below, above] of class1) {
    const hertz = 10 ** (n / 10);
    const off = responseOf(filter, hertz) - weightingAt("A", hertz);
    const share = off < 0 ? -off / below : off / above;
    if (share > worst.share) worst = { share, hertz, off };
  }
  return {
    what: "A-weighting at 48 kHz",
    measured: `at worst ${(100 * worst.share).toFixed(0)} % of what class 1 allows (${worst.off.toFixed(2)} dB at ${worst.hertz.toFixed(0)} Hz)`,
    least: "within class 1 at the exact third-octave frequencies",
    met: worst.share <= 1,
  };
}

const parts: readonly (readonly [needs: string, rows: () => Promise<Row[]>])[] = [
  [join(shared, "vectors"), () => vectorRows(join(shared, "vectors"))],
  [join(shared, "vectors/frames.json"), async () => frameRows(join(shared, "vectors"))],
  [join(air, "ioos_qc/vectors.jsonl"), () => qualityRows(join(air, "ioos_qc/vectors.jsonl"))],
  ["", () => anomalyRows(join(air, "nab"))],
  [
    join(air, "PRSA_Data_Aotizhongxin_20130301-20170228.csv"),
    () => forecastRows(join(air, "PRSA_Data_Aotizhongxin_20130301-20170228.csv")),
  ],
  [join(air, "toco_toucan_RT01_raw.csv"), colocationRows],
  ["", async () => [weightingRow()]],
  ["", async () => associationRows()],
];

let missed = 0;
for (const [needs, rows] of parts) {
  if (needs !== "" && !existsSync(needs)) {
    console.log(`left out, because ${needs} is not there (OPENKERB_SHARED names the folder of development data)`);
    continue;
  }
  for (const { what, measured, least, met } of await rows()) {
    console.log(`${met ? "  met " : "MISSED"}  ${what}: ${measured} [${least}]`);
    if (!met) missed++;
  }
}
if (missed > 0) process.exitCode = 1;

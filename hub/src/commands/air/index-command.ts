import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { averagings, parseUnit, pollutants } from "../../air/concentration.ts";
import { lackedByStation } from "../../air/european-aqi.ts";
import { parseFraction } from "../../air/fraction.ts";
import { type IndexStandard, none, type Sample } from "../../air/index-standard.ts";
import { indexStandard, indexStandards, standardInForce } from "../../air/standard.ts";
import { csvLine, inputOf, isMissing, type Row, readCsv, write } from "./csv.ts";

const standardIds = [...new Set(indexStandards.map(({ id }) => id))];

export const help = `openkerb air index --standard <name> [--overall] < rows.csv
openkerb air index --region us|eu|cn --day YYYY-MM-DD [--overall] < rows.csv
openkerb air index --standard eaqi-2024 --overall --station traffic|background < rows.csv

Reads pollutant,averaging,value,unit (pm25, pm10, o3, no2, so2, co; 1h, 8h, 24h, nowcast; ppb, ppm, ug/m3, mg/m3, a gas
in mass optionally with its state: ug/m3@293K). Further columns are kept; rows that agree in all of them are judged
together as one place and time. Writes the same rows with index, category and reason: where the rules give no index it
is empty and the reason says why. NA is a missing value.

  --standard  ${standardIds.join(", ")}
  --region, --day  take the rule set that was in force there on that day
  --station   of the European index: no overall index where the station lacks a pollutant such a station must have
              (beside traffic NO2 and particles, elsewhere ozone as well); left out, any pollutant will do
  --overall   add one row "overall" for each place and time, and a column that names all primary pollutants`;

const columns = ["pollutant", "averaging", "value", "unit"] as const;
const where = "standard input";

function chosen(values: { standard?: string; region?: string; day?: string }): IndexStandard {
  if (values.standard !== undefined) {
    const standard = indexStandard(values.standard);
    if (standard) return standard;
    throw new Trouble(`There is no standard "${values.standard}".`, `Choose one of ${standardIds.join(", ")}.`);
  }
  const { region, day } = values;
  if ((region === "us" || region === "eu" || region === "cn") && day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day)) {
    const standard = standardInForce(region, day);
    if (standard) return standard;
    throw new Trouble(`No rule set for ${region} on ${day} is held here.`, "Name one with --standard.");
  }
  throw new Trouble("Which rules?", "Give --standard <name>, or --region us|eu|cn with --day YYYY-MM-DD.");
}

function sampleOf({ line, cells }: Row, at: Readonly<Record<(typeof columns)[number], number>>): Sample {
  const wrong = (what: string, next: string) => new Trouble(`${where}, line ${line}: ${what}`, next);
  const cell = (name: (typeof columns)[number]) => cells[at[name]]!;
  const pollutant = pollutants.find((p) => p === cell("pollutant").toLowerCase());
  if (!pollutant) throw wrong(`pollutant "${cell("pollutant")}" is not known`, `Use ${pollutants.join(", ")}.`);
  const averaging = averagings.find((a) => a === cell("averaging").toLowerCase());
  if (!averaging) throw wrong(`averaging "${cell("averaging")}" is not known`, `Use ${averagings.join(", ")}.`);
  const unit = parseUnit(cell("unit"));
  if (!unit) throw wrong(`unit "${cell("unit")}" is not known`, "Use ppb, ppm, ug/m3 or mg/m3.");
  const value = isMissing(cell("value")) ? undefined : parseFraction(cell("value"));
  if (!isMissing(cell("value")) && (value === undefined || !Number.isFinite(Number(cell("value")))))
    throw wrong(`value "${cell("value")}" is not a number`, "Write NA for a missing value.");
  return { pollutant, averaging, value, unit };
}

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      standard: { type: "string" },
      region: { type: "string" },
      day: { type: "string" },
      overall: { type: "boolean", default: false },
      station: { type: "string" },
    },
  });
  const standard = chosen(values);
  const { station } = values;
  if (station !== undefined && station !== "traffic" && station !== "background")
    throw new Trouble(`A station is traffic or background, not "${station}".`);
  if (station !== undefined && (standard.region !== "eu" || !values.overall))
    throw new Trouble(
      "--station is for the overall European index.",
      "Give --overall and a European standard, or leave it out.",
    );
  const { heading, rows } = await readCsv(inputOf("-"), columns, where);
  const at = Object.fromEntries(columns.map((name) => [name, heading.indexOf(name)])) as Record<
    (typeof columns)[number],
    number
  >;
  const others = heading.flatMap((name, i) => ((columns as readonly string[]).includes(name) ? [] : [i]));
  const read: { row: Row; sample: Sample; place: string }[] = [];
  for await (const row of rows)
    read.push({ row, sample: sampleOf(row, at), place: JSON.stringify(others.map((i) => row.cells[i])) });
  const places = new Map<string, typeof read>();
  for (const one of read) places.set(one.place, [...(places.get(one.place) ?? []), one]);
  if (values.overall) refuseTwice(read);

  const extra = values.overall ? ["index", "category", "reason", "primary"] : ["index", "category", "reason"];
  await write(csvLine([...heading, ...extra]));
  const verdicts = new Map(
    [...places.values()].flatMap((of) => {
      const { each } = standard.judge(of.map(({ sample }) => sample));
      return of.map(({ row }, i) => [row, each[i]!] as const);
    }),
  );
  const spare = values.overall ? [""] : [];
  for (const { row } of read) {
    const verdict = verdicts.get(row)!;
    const answer = verdict.kind === "index" ? [verdict.index, verdict.category, ""] : ["", "", verdict.why];
    await write(csvLine([...row.cells, ...answer, ...spare]));
  }
  if (!values.overall) return;
  for (const of of places.values()) {
    const samples = of.map(({ sample }) => sample);
    const { overall: worst, each } = standard.judge(samples);
    const lacked = station && worst.kind === "index" ? lackedByStation(station, samples, each) : undefined;
    const overall = lacked === undefined ? worst : none(lacked);
    const cells = heading.map((name, i) =>
      name === "pollutant" ? "overall" : others.includes(i) ? of[0]!.row.cells[i]! : "",
    );
    const answer =
      overall.kind === "index"
        ? [overall.index, overall.category, "", overall.primary.join(" ")]
        : ["", "", overall.why, ""];
    await write(csvLine([...cells, ...answer]));
  }
}

/** An overall index of a place that gives the same mean twice would have to choose between them. */
function refuseTwice(read: readonly { row: Row; sample: Sample; place: string }[]): void {
  const seen = new Map<string, number>();
  for (const { row, sample, place } of read) {
    const key = `${sample.pollutant} ${sample.averaging} ${place}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw new Trouble(
        `${where}, line ${row.line}: ${sample.pollutant} ${sample.averaging} was already given on line ${before}`,
        "Rows of several places or times need a column that tells them apart, for example station or time.",
      );
    seen.set(key, row.line);
  }
}

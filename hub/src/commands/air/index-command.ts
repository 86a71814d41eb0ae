import { parseArgs } from "node:util";
import { Trouble } from "@openkerb/contract";
import { averagings, parseUnit, pollutants } from "../../air/concentration.ts";
import { lackedByStation } from "../../air/european-aqi.ts";
import { parseFraction } from "../../air/fraction.ts";
import { type IndexStandard, none, type Sample, type Verdict } from "../../air/index-standard.ts";
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
  --region, --day  take the rule set that was in force there on that day (in China with gases at 273 K until 2018-08-31)
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

/** `PM2.5`, `pm2_5` and `pm25` are the same. */
const plain = (name: string): string => name.toLowerCase().replace(/[._]/g, "");

function sampleOf({ line, cells }: Row, at: At): Sample {
  const wrong = (what: string, next: string) => new Trouble(`${where}, line ${line}: ${what}`, next);
  const cell = (name: (typeof columns)[number]) => cells[at[name]]!;
  const pollutant = pollutants.find((p) => p === plain(cell("pollutant")));
  if (!pollutant) throw wrong(`pollutant "${cell("pollutant")}" is not known`, `Use ${pollutants.join(", ")}.`);
  const averaging = averagings.find((a) => a === cell("averaging").toLowerCase());
  if (!averaging) throw wrong(`averaging "${cell("averaging")}" is not known`, `Use ${averagings.join(", ")}.`);
  const unit = parseUnit(cell("unit"));
  if (!unit)
    throw wrong(
      `unit "${cell("unit")}" is not known`,
      cell("unit").includes("\uFFFD")
        ? "The file is not UTF-8 text: save it as CSV UTF-8."
        : "Use ppb, ppm, ug/m3 or mg/m3.",
    );
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
  const { heading, rows } = await readCsv(inputOf("-"), columns, where, { anyCase: true });
  const lower = heading.map((name) => name.toLowerCase());
  const at = Object.fromEntries(columns.map((name) => [name, lower.indexOf(name)])) as At;
  const others = lower.flatMap((name, i) => ((columns as readonly string[]).includes(name) ? [] : [i]));
  const places = new Map<string, Place>();
  const placeOf = (cells: readonly string[]): Place => {
    const own = others.map((i) => cells[i]!);
    const key = JSON.stringify(own);
    const known = places.get(key);
    if (known) return known;
    const place: Place = { cells: own, samples: [], lines: new Map() };
    places.set(key, place);
    return place;
  };
  const extra = values.overall ? ["index", "category", "reason", "primary"] : ["index", "category", "reason"];
  const spare = values.overall ? [""] : [];
  const answer = (cells: readonly string[], verdict: Verdict): Promise<void> =>
    write(csvLine([...cells, ...inCells(verdict), ...spare]));

  await write(csvLine([...heading, ...extra]));
  // From the first row on that needs another one of its place, rows are kept; all others are answered as they come.
  const waiting: { readonly cells: readonly string[]; readonly verdict?: Verdict; readonly sample: Sample }[] = [];
  for await (const row of rows) {
    const { cells } = row;
    const sample = sampleOf(row, at);
    const verdict = standard.judge([sample]).each[0]!;
    if (values.overall) {
      const place = placeOf(cells);
      refuseTwice(place, sample, row.line);
      place.samples.push(sample);
    } else if (answersOthers(sample)) placeOf(cells).samples.push(sample);
    if (asksOthers(sample, verdict)) waiting.push({ cells, sample });
    else if (waiting.length > 0) waiting.push({ cells, sample, verdict });
    else await answer(cells, verdict);
  }
  for (const { cells, sample, verdict } of waiting) {
    const beside = verdict ? [] : placeOf(cells).samples.filter(answersOthers);
    await answer(cells, verdict ?? standard.judge([...beside, sample]).each.at(-1)!);
  }
  if (!values.overall) return;
  for (const { cells: own, samples } of places.values()) {
    const { overall: top, each } = standard.judge(samples);
    const lacked = station && top.kind === "index" ? lackedByStation(station, samples, each) : undefined;
    const overall = lacked === undefined ? top : none(lacked);
    const cells = heading.map((_, i) => (i === at.pollutant ? "overall" : (own[others.indexOf(i)] ?? "")));
    const primary = overall.kind === "index" ? overall.primary.join(" ") : "";
    await write(csvLine([...cells, ...inCells(overall), primary]));
  }
}

type At = Readonly<Record<(typeof columns)[number], number>>;
/** Rows that agree in all further columns. `lines` says on which line each mean of theirs was given. */
type Place = {
  readonly cells: readonly string[];
  readonly samples: Sample[];
  readonly lines: Map<string, number>;
};

const inCells = (verdict: Verdict): (string | number)[] =>
  verdict.kind === "index" ? [verdict.index, verdict.category, ""] : ["", "", verdict.why];

/** In the US an hour of much SO2 is judged by the 24-hour mean of its place. */
const asksOthers = ({ pollutant, averaging, value }: Sample, { kind }: Verdict): boolean =>
  kind === "none" && pollutant === "so2" && averaging === "1h" && value !== undefined;
const answersOthers = ({ pollutant, averaging }: Sample): boolean => pollutant === "so2" && averaging === "24h";

/** An overall index of a place that gives the same mean twice would have to choose between them. */
function refuseTwice({ lines }: Place, { pollutant, averaging }: Sample, line: number): void {
  const mean = `${pollutant} ${averaging}`;
  const before = lines.get(mean);
  if (before !== undefined)
    throw new Trouble(
      `${where}, line ${line}: ${mean} was already given on line ${before}`,
      "Rows of several places or times need a column that tells them apart, for example station or time.",
    );
  lines.set(mean, line);
}

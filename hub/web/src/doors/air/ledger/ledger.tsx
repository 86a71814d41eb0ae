import type { AirLedger, AirStation, LedgerRow } from "@openkerb/contract";
import { useNow } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { useLedger } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName, lawIds, lawName, metricName } from "../parts/names.ts";
import { type AirPageProps, changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice } from "../parts/states.tsx";
import { PlacePage } from "../parts/station-choice.tsx";
import * as common from "../parts/texts.ts";
import { dayText } from "../parts/times.ts";
import { Episodes } from "./episodes.tsx";
import { LedgerTable } from "./ledger-table.tsx";
import * as texts from "./texts.ts";

/** The account of a year: permitted, used and left, each figure with its verdict and what it rests on. */
export function LedgerPage({ route }: AirPageProps) {
  const t = useTexts(texts);
  const change = changing(route);
  const thisYear = Number(dayText(useNow(), useSpeech().offset).slice(0, 4));
  const language = useLanguage();
  const asked = Number(route.asked.year);
  const year = Number.isInteger(asked) && asked >= 1990 && asked <= 2100 ? asked : thisYear;
  const law = lawIds.find((id) => id === route.asked.law);
  return (
    <PlacePage
      title={t.title}
      lead={t.lead}
      site={route.asked.site}
      choose={(site) => change({ site })}
      beside={
        <>
          <Choice
            label={t.year}
            value={String(year)}
            options={yearsAround(thisYear, year).map((y) => ({ id: String(y), name: String(y) }))}
            onChange={(y) => change({ year: y })}
          />
          <Choice
            label={t.law}
            value={law ?? "own"}
            options={[
              { id: "own", name: t.own },
              ...lawIds.map((id) => ({ id, name: t.replay(lawName(language, id)) })),
            ]}
            onChange={(id) => change({ law: id === "own" ? undefined : id })}
          />
        </>
      }
    >
      {(station) => <Ledger station={station} year={year} law={law} />}
    </PlacePage>
  );
}

/** The last ten years, and the one that was asked for. */
const yearsAround = (now: number, asked: number): number[] =>
  [...new Set([asked, ...Array.from({ length: 10 }, (_, i) => now - i)])].sort((a, b) => b - a);

function Ledger({
  station,
  year,
  law,
}: {
  station: AirStation;
  year: number;
  law: AirLedger["rows"][number]["limit"]["law"] | undefined;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const c = useTexts(common);
  const ledger = useLedger(station.site, year, law);
  return (
    <AirAnswer of={ledger} what={t.what}>
      {({ rows, episodes, channels }) => {
        if (rows.length === 0)
          return (
            <Notice title={t.noRows}>
              <p>{t.noRowsWhy}</p>
            </Notice>
          );
        if (rows.every((row) => row.valid === 0 && row.used === 0))
          return (
            <Notice title={t.nothing}>
              <p>{t.nothingWhy(year)}</p>
            </Notice>
          );
        const measured = new Set<string>(channels.map((c) => c.pollutant));
        const known = rows.filter((row) => measured.has(row.limit.pollutant));
        const unknown = rows.filter((row) => !measured.has(row.limit.pollutant));
        const lawful = known.filter((row) => row.limit.law !== "who-2021");
        const guided = known.filter((row) => row.limit.law === "who-2021" && row.limit.level === "aqg");
        const interim = known.filter((row) => row.limit.law === "who-2021" && row.limit.level !== "aqg");
        const names = c.listed([...new Set(unknown.map((row) => metricName(language, row.limit.pollutant)))]);
        const stood = channels.flatMap(({ channel }) => {
          const found = station.channels.find((c) => c.channel.id === channel);
          return found ? [channelName(language, found.channel)] : [];
        });
        return (
          <>
            {law && <p className="ledger-replay">{t.replayed(lawName(language, law))}</p>}
            {lawful.length > 0 && <LedgerTable name={t.lawful} rows={lawful} />}
            <Episodes episodes={episodes} />
            {guided.length > 0 && <LedgerTable name={t.guidelines} rows={guided} />}
            {interim.length > 0 && <Folded name={t.interim(interim.length)} rows={interim} />}
            {unknown.length > 0 && <Folded name={t.unmeasured(unknown.length, names)} rows={unknown} />}
            {stood.length > 0 && <p className="muted pad">{t.channels(c.listed(stood))}</p>}
            <Sources rows={rows} />
          </>
        );
      }}
    </AirAnswer>
  );
}

/** Where the figures stand, each law once, in the words of the law's own language. */
function Sources({ rows }: { rows: readonly LedgerRow[] }) {
  const t = useTexts(texts);
  const sources = [...new Set(rows.flatMap(({ limit }) => limit.source ?? []))];
  if (sources.length === 0) return null;
  return (
    <details className="ledger-folded">
      <summary>{t.sources}</summary>
      <ul className="muted pad" lang="en">
        {sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
    </details>
  );
}

/** Figures that are asked for less often, one key away. */
function Folded({ name, rows }: { name: string; rows: readonly LedgerRow[] }) {
  return (
    <details className="ledger-folded">
      <summary>{name}</summary>
      <LedgerTable name={name} rows={rows} />
    </details>
  );
}

import { type AirBin, type AirStation, bandMetrics } from "@openkerb/contract";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useNow } from "../../../parts/live.tsx";
import { air } from "../../../route.ts";
import { Link } from "../../../use-route.tsx";
import { useLedger } from "../parts/air-asks.ts";
import { counted, doubtful } from "../parts/bins.ts";
import { bandOf, standardName } from "../parts/index-words.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { figure, flags, lawName, lawUnit, levelName, metricName, statisticName, unitName } from "../parts/names.ts";
import { RowTable } from "../parts/row-table.tsx";
import { type AirPageProps, changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { TimeField } from "../parts/states.tsx";
import { useEachSeries, useIndexDays } from "../parts/station-asks.ts";
import { ForStation } from "../parts/station-choice.tsx";
import * as common from "../parts/texts.ts";
import { dayText, midnight, startOfDay } from "../parts/times.ts";
import { choiceOf } from "../station/index-card.tsx";
import { PrintButton } from "./print-button.tsx";
import { useRunningTitle } from "./running-title.ts";
import * as texts from "./texts.ts";

const day = 86_400_000;
const bands: ReadonlySet<string> = new Set(bandMetrics);

/** A report to print and sign: index, values, exceedances and where they come from. */
export function Report({ route, session }: AirPageProps) {
  const t = useTexts(texts);
  const now = useNow();
  const { offset } = useSpeech();
  const today = midnight(now, offset);
  const asked = (text: string | undefined, usual: number): number => {
    const at = startOfDay(text ?? "", offset);
    return Number.isNaN(at) ? usual : at;
  };
  const to = asked(route.asked.to, today - day);
  const from = asked(route.asked.from, to - 29 * day);
  const change = changing(route);
  return (
    <div className="pane air-page air-report">
      <div className="no-print">
        {route.asked.site !== undefined && (
          <Link to={air("station", {}, route.asked.site)} className="back">
            ← {t.back}
          </Link>
        )}
      </div>
      <ForStation
        site={route.asked.site}
        choose={(site) => change({ site })}
        beside={({ site }) => (
          <>
            <TimeField
              label={t.from}
              kind="date"
              value={dayText(from, offset)}
              onChange={(d) => d && change({ from: d })}
            />
            <TimeField
              label={t.to}
              kind="date"
              value={dayText(to, offset)}
              max={dayText(today, offset)}
              onChange={(d) => d && change({ to: d })}
            />
            <PrintButton order={{ site, from, to: to + day }} session={session} />
          </>
        )}
      >
        {(station) =>
          to < from || to - from > 366 * day ? (
            <p role="alert">{t.tooLong}</p>
          ) : (
            <Sheet station={station} from={from} to={to + day} law={route.asked.law} by={session.person ?? ""} />
          )
        }
      </ForStation>
    </div>
  );
}

type Part = { readonly station: AirStation; readonly from: number; readonly to: number };

function Sheet({ station, from, to, law, by }: Part & { law: string | undefined; by: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const now = useNow();
  const title = t.title(station.name);
  const period = t.period(say.date(from), say.date(to - day));
  useRunningTitle(t.running(title, period));
  return (
    <article>
      <header>
        <h1>{title}</h1>
        <p className="lead">{period}</p>
        <p className="muted">{t.made(say.whole(Math.floor(now / 60_000) * 60_000), by)}</p>
      </header>
      <Days station={station} from={from} to={to} law={law} />
      <Values station={station} from={from} to={to} />
      <Year station={station} year={Number(dayText(to - day, say.offset).slice(0, 4))} />
      <section>
        <h2>{t.notes}</h2>
        <p>{t.note}</p>
      </section>
      <footer className="air-signature">
        <div>{t.office}</div>
        <div>{t.place}</div>
        <div>{t.name}</div>
      </footer>
    </article>
  );
}

function Days({ station, from, to, law }: Part & { law: string | undefined }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  const index = useIndexDays(station.site, from, to, choiceOf(law)).data;
  if (!index) return null;
  const rule = (id: string | undefined) => index.rules.find((r) => r.id === id);
  const classes = new Map<string, number>();
  for (const { overall, standard } of index.moments) {
    const name =
      overall.kind === "none" ? t.none : (bandOf(language, rule(standard), overall.category)?.name ?? overall.category);
    classes.set(name, (classes.get(name) ?? 0) + 1);
  }
  return (
    <section>
      <h2>{t.classes}</h2>
      <p>{[...classes].map(([name, n]) => t.daysOf(name, n)).join(" · ")}</p>
      <h2>{t.days}</h2>
      <RowTable
        name={t.days}
        rows={index.moments}
        keyOf={({ at }) => at}
        columns={[
          { head: t.day, cell: ({ at }) => <span className="nowrap">{say.dayOf(at)}</span> },
          { head: t.index, number: true, cell: ({ overall }) => (overall.kind === "index" ? overall.index : "–") },
          {
            head: t.category,
            cell: ({ overall, standard }) =>
              overall.kind === "index" ? (
                (bandOf(language, rule(standard), overall.category)?.name ?? overall.category)
              ) : (
                <HubWords>{overall.why}</HubWords>
              ),
          },
          {
            head: t.primary,
            cell: ({ overall }) =>
              overall.kind === "index" ? c.listed(overall.primary.map((p) => metricName(language, p))) : "",
          },
          { head: t.rule, cell: ({ standard }) => standard && standardName(language, standard) },
        ]}
      />
    </section>
  );
}

function Values({ station, from, to }: Part) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  // Third octaves would fill a page and say little by their means; they stand on the page of noise.
  const metrics = [...new Set(station.channels.map((c) => c.channel.metric))].filter((m) => !bands.has(m));
  // One bin for each hour: then the highest bin is the highest hour.
  const answers = useEachSeries(metrics.map((metric) => ({ site: station.site, metric, from, to, points: 3000 })));
  const rows = answers
    .flatMap(({ data }) => data?.lines ?? [])
    .filter((l) => l.bins.length > 0)
    .map(({ channel, bins }) => ({
      channel,
      valid: bins.filter((b) => b.mean !== undefined && !doubtful(b)),
      sum: counted(bins),
      words: (v: number) => `${figure(v, say)} ${unitName(channel.unit)}`,
    }));
  const highest = (bins: readonly AirBin[]): number =>
    bins.reduce((a, b) => Math.max(a, b.mean ?? a), Number.NEGATIVE_INFINITY);
  return (
    <section>
      <h2>{t.values}</h2>
      <RowTable
        name={t.values}
        rows={rows}
        keyOf={({ channel }) => channel.id}
        columns={[
          { head: t.quantity, cell: ({ channel }) => metricName(language, channel.metric) },
          { head: t.sensor, cell: ({ channel }) => `${channel.device} · ${channel.sensor}` },
          { head: t.correction, cell: ({ channel }) => channel.correction ?? t.raw },
          {
            head: t.mean,
            number: true,
            cell: ({ channel, valid, words }) => (valid.length === 0 ? "–" : words(meanOf(channel.metric, valid))),
          },
          {
            head: t.highest,
            number: true,
            cell: ({ valid, words }) => (valid.length === 0 ? "–" : words(highest(valid))),
          },
          {
            head: t.valid,
            number: true,
            cell: ({ valid }) =>
              say.count(Math.round(valid.reduce((n, b) => n + (b.coverage * b.span) / 3_600_000, 0))),
          },
          {
            head: t.flags,
            cell: ({ sum }) =>
              c.listed(
                ([1, 2, 3, 4, 9] as const)
                  .filter((f) => sum[f] > 0)
                  .map((f) => `${flags[language][f]} ${say.count(sum[f])}`),
              ),
          },
        ]}
      />
    </section>
  );
}

/** Weighted by the time covered; levels by their energy. */
function meanOf(
  metric: string,
  bins: readonly { readonly mean?: number | undefined; readonly coverage: number }[],
): number {
  const level = metric === "laeq" || metric === "lceq";
  let [sum, weight] = [0, 0];
  for (const { mean = 0, coverage } of bins) {
    sum += (level ? 10 ** (mean / 10) : mean) * coverage;
    weight += coverage;
  }
  return level ? 10 * Math.log10(sum / weight) : sum / weight;
}

function Year({ station, year }: { station: AirStation; year: number }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const ledger = useLedger(station.site, year, undefined).data;
  if (!ledger) return null;
  const measured = new Set(ledger.channels.map((c) => c.pollutant as string));
  // What is not measured here and the steps towards a guideline fill pages without saying anything of the place.
  const rows = ledger.rows.filter((r) => measured.has(r.limit.pollutant) && !r.limit.level.startsWith("it-"));
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{t.ledger(year)}</h2>
      <p className="muted">{t.ledgerNote}</p>
      <RowTable
        name={t.figure}
        rows={rows}
        keyOf={({ limit }) => Object.values(limit).join(" ")}
        columns={[
          {
            head: t.figure,
            cell: ({ limit }) =>
              t.limit(
                metricName(language, limit.pollutant),
                statisticName(language, limit.statistic),
                `${figure(limit.value, say)} ${lawUnit(limit.pollutant)}`,
                lawName(language, limit.law),
                levelName(language, limit.level),
              ),
          },
          {
            head: t.used,
            number: true,
            cell: ({ used, mean }) => (mean === undefined ? say.count(used) : figure(mean, say)),
          },
          {
            head: t.permitted,
            number: true,
            cell: ({ permitted, mean }) => (mean === undefined ? say.count(permitted) : ""),
          },
          {
            head: t.verdict,
            cell: ({ verdict, provisional, why }) => (
              <>
                {t.verdicts[verdict]}
                {provisional > 0 && t.provisional(provisional)}
                {verdict === "not-available" && why !== undefined && (
                  <>
                    {t.because}
                    <HubWords>{why}</HubWords>
                  </>
                )}
              </>
            ),
          },
        ]}
      />
    </section>
  );
}

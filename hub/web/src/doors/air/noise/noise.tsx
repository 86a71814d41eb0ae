import type { AirNoise, AirStation } from "@openkerb/contract";
import { useMemo } from "react";
import { useNow } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { useNoise } from "../parts/air-asks.ts";
import { ChartLegend } from "../parts/chart-legend.tsx";
import { useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { type AirPageProps, changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice, TimeField } from "../parts/states.tsx";
import { PlacePage } from "../parts/station-choice.tsx";
import { TimeChart, type TimeData } from "../parts/time-chart.tsx";
import { dayText, startOfDay } from "../parts/times.ts";
import { NoiseTable } from "./noise-table.tsx";
import { Spectrum } from "./spectrum.tsx";
import * as texts from "./texts.ts";

const day = 86_400_000;
const spans = ["7", "30", "90", "365"] as const;
const listens = (station: AirStation): boolean => station.channels.some((c) => c.channel.metric === "laeq");

/** Noise of each day and of the whole time, against WHO 2018 and GB 3096. */
export function NoisePage({ route }: AirPageProps) {
  const t = useTexts(texts);
  const change = changing(route);
  const today = dayText(useNow(), useSpeech().offset);
  const to =
    /^\d{4}-\d\d-\d\d$/.test(route.asked.to ?? "") && !Number.isNaN(Date.parse(route.asked.to ?? ""))
      ? (route.asked.to ?? today)
      : today;
  const days = spans.find((s) => s === route.asked.days) ?? "30";
  const from = new Date(Date.parse(to) - (Number(days) - 1) * day).toISOString().slice(0, 10);
  return (
    <PlacePage
      title={t.title}
      lead={t.lead}
      site={route.asked.site}
      choose={(site) => change({ site })}
      fits={listens}
      beside={
        <>
          <Choice
            label={t.span}
            value={days}
            options={spans.map((s) => ({ id: s, name: t.spans[s] ?? s }))}
            onChange={(s) => change({ days: s === "30" ? undefined : s })}
          />
          <TimeField
            label={t.until}
            kind="date"
            value={to}
            max={today}
            onChange={(d) => d !== "" && change({ to: d >= today ? undefined : d })}
          />
        </>
      }
    >
      {(station) =>
        listens(station) ? (
          <Noise site={station.site} from={from} to={to} />
        ) : (
          <Notice title={t.noNoise}>
            <p>{t.noNoiseWhy}</p>
          </Notice>
        )
      }
    </PlacePage>
  );
}

function Noise({ site, from, to }: { site: string; from: string; to: string }) {
  const t = useTexts(texts);
  const noise = useNoise(site, from, to);
  return (
    <AirAnswer of={noise} what={t.what}>
      {(answer) =>
        answer.days.every((d) => d.hours === 0) ? (
          <Notice title={t.nothing}>
            <p>{t.nothingWhy}</p>
          </Notice>
        ) : (
          <Levels noise={answer} />
        )
      }
    </AirAnswer>
  );
}

const parts = ["lday", "levening", "lnight", "lden"] as const;

function Levels({ noise }: { noise: AirNoise }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const { days, whole, hours, percentiles } = noise;
  const short = days.filter((d) => parts.some((p) => d[p] === undefined));
  const data = useMemo((): TimeData => {
    const half = day / 2;
    const at = days.map((d) => startOfDay(d.day, say.offset) + half);
    return {
      at,
      lines: [
        { name: t.lden, values: days.map((d) => d.lden) },
        { name: t.lnight, values: days.map((d) => d.lnight), dash: true },
        { name: t.lday, values: days.map((d) => d.lday), ink: "soft" },
        { name: t.levening, values: days.map((d) => d.levening), ink: "soft", dash: true },
      ],
      levels: whole.findings
        .filter((f) => f.law === "who-2018")
        .map((f) => ({
          value: f.limit,
          name: `${t.laws[f.law]} ${t.figures[f.figure] ?? f.figure} ${t.level(say.count(f.limit))}`,
        })),
      spans: days.flatMap((d, i) => {
        const middle = at[i];
        return d.lden !== undefined || middle === undefined ? [] : [{ from: middle - half, to: middle + half }];
      }),
      from: (at[0] ?? 0) - half,
      to: (at.at(-1) ?? 0) + half,
      floor: 35,
    };
  }, [days, whole, t, say]);
  return (
    <>
      <section className="noise-whole" aria-label={t.whole}>
        <div>
          <h2>{t.whole}</h2>
          <p className="muted">{t.wholeOf(say.count(whole.days), say.count(whole.hours))}</p>
          <dl className="noise-figures">
            {(["lden", "lday", "levening", "lnight", "la10", "la50", "la90"] as const).map((name) => (
              <div key={name}>
                <dt>{name in t ? t[name as "lden"] : name.replace("la", "LA")}</dt>
                <dd>
                  {whole[name] === undefined ? (
                    <span className="muted">{name.startsWith("la") ? t.unknown : t.short}</span>
                  ) : (
                    say.fixed(whole[name], 1)
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </div>
        <ul className="noise-findings">
          {whole.findings.length === 0 && <li className="muted">{t.none}</li>}
          {whole.findings.map((f) => (
            <li key={`${f.law} ${f.figure}`}>
              <VerdictMark verdict={f.exceeded ? "bad" : "good"} />
              <span>
                <strong>{t.laws[f.law]}</strong> {t.figures[f.figure] ?? f.figure}
              </span>
              <span>
                {t.level(say.fixed(f.level, 1))} <span className="muted">{t.limit(say.count(f.limit))}</span>
              </span>
              <span className={f.exceeded ? "verdict-bad" : "verdict-good"}>{f.exceeded ? t.exceeded : t.within}</span>
            </li>
          ))}
        </ul>
      </section>
      <TimeChart
        label={t.chartTitle}
        title={t.chart}
        data={data}
        height={220}
        times="days"
        words={(v) => `${say.fixed(v, 1)} dB`}
      />
      <ChartLegend data={data} />
      {short.length > 0 && (
        <p className="air-note">
          {t.partial(say.count(short.length), say.count(days.length))} <span className="muted">{t.shortWhy}</span>
        </p>
      )}
      {noise.spectrum && <Spectrum bands={noise.spectrum} />}
      <NoiseTable days={days} />
      <p className="muted pad">
        {t.rules(String(hours.day), String(hours.evening), String(hours.night))}{" "}
        {t.judged(t.sources[noise.source], noise.place)} {t.yearly}{" "}
        {percentiles && whole.la50 !== undefined && t.percentiles[percentiles]}
      </p>
    </>
  );
}

import { type AirBin, type AirChannel, type AirLimit, type AirSeries, apiRoot, type Metric } from "@openkerb/contract";
import { useCallback, useMemo } from "react";
import { query } from "../../../api.ts";
import { doubtful, flagOf, laidOut, momentsOf, runsOf } from "../parts/bins.ts";
import { ChartLegend } from "../parts/chart-legend.tsx";
import { useLanguage, useTexts } from "../parts/language.ts";
import { chosenLimits, limitIn } from "../parts/limit-lines.ts";
import { channelName, figure, lawName, levelName, metricName, statisticName, unitName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import { useSeries } from "../parts/station-asks.ts";
import { TimeChart } from "../parts/time-chart.tsx";
import { FlagStrip } from "./flag-strip.tsx";
import type { Texts } from "./texts.ts";
import * as texts from "./texts.ts";

type Part = { readonly from: number; readonly to: number };
type Props = Part & {
  readonly site: string;
  readonly metric: Metric;
  readonly live: boolean;
  readonly limits: readonly AirLimit[];
  readonly onZoom: (from?: number, to?: number) => void;
  readonly channels: readonly {
    readonly channel: AirChannel;
    readonly count: number;
    readonly first?: number | undefined;
  }[];
};

/** The averaging of bins in words. */
function averaging(span: number, bins: Texts["bins"]): string {
  if (span >= 86_400_000) return bins.day(Math.round(span / 86_400_000));
  return span >= 3_600_000
    ? bins.hour(Math.round(span / 3_600_000))
    : bins.minute(Math.max(1, Math.round(span / 60_000)));
}

/** One quantity of a station: its lines with limits and bad stretches, flags below, and where the values come from. */
export function MetricChart(props: Props) {
  const t = useTexts(texts);
  const language = useLanguage();
  const series = useSeries(
    { site: props.site, metric: props.metric, from: props.from, to: props.to, points: 720 },
    props.live,
  );
  return (
    <AirAnswer of={series} what={metricName(language, props.metric)}>
      {({ lines }) => {
        const full = lines.filter((l) => l.bins.length > 0);
        return full.length === 0 ? (
          <section className="air-empty">
            <h3>{metricName(language, props.metric)}</h3>
            <p className="muted">
              {t.empty} {t.emptyNext}
            </p>
          </section>
        ) : (
          // Values in another unit would share an axis they do not belong to; each unit has a chart of its own.
          [...new Set(full.map((l) => l.channel.unit))].map((unit) => (
            <Drawn key={unit} {...props} lines={full.filter((l) => l.channel.unit === unit)} />
          ))
        );
      }}
    </AirAnswer>
  );
}

function Drawn({ metric, from, to, lines, limits, onZoom, channels }: Props & { lines: AirSeries["lines"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const unit = lines[0]?.channel.unit ?? "1";
  const one = lines.length === 1;
  const words = useCallback((value: number): string => `${figure(value, say)} ${unitName(unit)}`, [say, unit]);
  const { data, span, strips, beyond } = useMemo(() => {
    const { at, span } = momentsOf(lines);
    const laid = lines.map((line) => {
      const bins = laidOut(line, at);
      const name = channelName(language, line.channel);
      return { line, bins, name, runs: runsOf(bins.map(flagOf), at, span) };
    });
    const first = laid[0]?.bins ?? [];
    const figures = chosenLimits(limits, metric, span).flatMap((limit) => {
      const value = lines[0] && limitIn(limit, lines[0].channel);
      const law = `${lawName(language, limit.law)} ${levelName(language, limit.level)}`;
      const what = t.limit(law, statisticName(language, limit.statistic));
      return value === undefined ? [] : [{ value, name: t.level(what, words(value)) }];
    });
    const highest = laid.flatMap(({ bins }) => bins).reduce((top, b) => Math.max(top, b?.max ?? b?.mean ?? top), 0);
    // A limit far above the curve would press it flat; it is said in words instead.
    const levels = figures.filter(({ value }) => value <= 2.5 * highest);
    return {
      span,
      strips: laid,
      beyond: figures.filter((figure) => !levels.includes(figure)),
      data: {
        ...{ at, from, to, levels },
        lines: laid.map(({ line, bins, name }, i) => ({
          name,
          values: bins.map((b) => b?.mean),
          ink: i === 0 ? ("strong" as const) : ("soft" as const),
          dash: line.channel.correction !== undefined,
        })),
        ...(one && { band: { name: t.band, low: first.map((b) => b?.min), high: first.map((b) => b?.max) } }),
        spans: at.flatMap((from, i) => (laid.some(({ bins }) => doubtful(bins[i])) ? [{ from, to: from + span }] : [])),
        ...(metric === "laeq" || metric === "temperature" || metric === "pressure"
          ? { floor: lowest(first.map((b) => b?.min)) }
          : {}),
        columns: laid.flatMap(({ bins, name }) => {
          const of = (what: string): string => (one ? what : `${name}: ${what}`);
          return [
            { name: of(t.coverage), cells: bins.map((b) => (b ? say.percent(b.coverage) : "")) },
            { name: of(t.readings), cells: bins.map((b) => (b ? flagCounts(b) : "")) },
          ];
        }),
      },
    };
  }, [lines, from, to, limits, metric, language, one, t, say, words]);
  return (
    <section className="air-metric" aria-label={metricName(language, metric)}>
      <TimeChart
        label={metricName(language, metric)}
        title={`${unitName(unit)}, ${averaging(span, t.bins)}`}
        data={data}
        words={words}
        times={span >= 86_400_000 ? "utc-days" : "hours"}
        sync="station"
        onZoom={onZoom}
        height={180}
      />
      {beyond.length > 0 && <p className="air-beyond">{t.beyond(beyond.map(({ name }) => name).join(t.between))}</p>}
      {(!one || data.levels.length > 0) && <ChartLegend data={{ lines: one ? [] : data.lines, levels: data.levels }} />}
      {strips.map(({ line, name, runs, bins }) => (
        <FlagStrip key={line.channel.id} {...{ runs, from, to, bins }} name={one ? undefined : name} />
      ))}
      <details className="air-provenance">
        <summary>{t.provenance}</summary>
        {lines.map(({ channel }) => (
          <Provenance
            key={channel.id}
            channel={channel}
            about={channels.find((c) => c.channel.id === channel.id)}
            from={from}
            to={to}
          />
        ))}
      </details>
    </section>
  );
}

/** Readings of a bin by flag, e.g. `1: 58, 3: 2`. */
const flagCounts = ({ flags }: AirBin): string =>
  (["1", "2", "3", "4", "9"] as const)
    .filter((f) => flags[f] > 0)
    .map((f) => `${f}: ${flags[f]}`)
    .join(", ");

const lowest = (values: readonly (number | undefined)[]): number => {
  const known = values.filter((v): v is number => v !== undefined);
  return known.length === 0 ? 0 : Math.floor(known.reduce((a, b) => Math.min(a, b)) / 5) * 5 - 5;
};

function Provenance({
  channel,
  about,
  from,
  to,
}: { channel: AirChannel; about: Props["channels"][number] | undefined } & Part) {
  const t = useTexts(texts);
  const say = useSpeech();
  const asked = (span: "hour" | "day"): string =>
    query({ channel: channel.id, span, from: Math.floor(from), to: Math.ceil(to) });
  return (
    <>
      <dl className="air-facts">
        <dt>{t.device}</dt>
        <dd>{channel.device}</dd>
        <dt>{t.sensor}</dt>
        <dd>{channel.sensor}</dd>
        <dt>{t.unit}</dt>
        <dd>
          {unitName(channel.unit)}
          {channel.reference && ` · ${t.reference} ${channel.reference === "ambient" ? t.ambient : channel.reference}`}
        </dd>
        <dt>{t.correction}</dt>
        <dd>{channel.correction ?? t.raw}</dd>
        {about && (
          <>
            <dt>{t.count}</dt>
            <dd>
              {say.count(about.count)}
              {about.first !== undefined && ` · ${t.since} ${say.date(about.first)}`}
            </dd>
          </>
        )}
      </dl>
      <p className="air-links">
        {(["hour", "day"] as const).map((span) => (
          <a key={span} href={`${apiRoot}/air/export?${asked(span)}`} download>
            {t.csv(span === "hour" ? t.hours : t.days)}
          </a>
        ))}
        <a href={`${apiRoot}/air/export/metadata?${asked("hour")}`}>{t.meta}</a>
      </p>
    </>
  );
}

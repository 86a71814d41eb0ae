import { type AirChannel, type AirLimit, type AirSeries, apiRoot, type Metric } from "@openkerb/contract";
import { useMemo } from "react";
import { query } from "../../../api.ts";
import { doubtful, flagOf, laidOut, momentsOf, runsOf } from "../parts/bins.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { chosenLimits, limitIn } from "../parts/limit-lines.ts";
import {
  channelName,
  figure,
  lawName,
  levelName,
  metricName,
  speech,
  statisticName,
  unitName,
} from "../parts/names.ts";
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
          <Drawn {...props} lines={full} />
        );
      }}
    </AirAnswer>
  );
}

function Drawn({ metric, from, to, lines, limits, onZoom, channels }: Props & { lines: AirSeries["lines"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = speech(language);
  const unit = lines[0]?.channel.unit ?? "1";
  const one = lines.length === 1;
  const { data, span, bins, runs, beyond } = useMemo(() => {
    // Values in another unit would share an axis they do not belong to; they have a chart of their own below.
    const same = lines.filter((l) => l.channel.unit === unit);
    const { at, span } = momentsOf(same);
    const laid = same.map((line) => ({ line, bins: laidOut(line, at) }));
    const first = laid[0]?.bins ?? [];
    const flags = first.map(flagOf);
    const figures = chosenLimits(limits, metric, span).flatMap((limit) => {
      const value = lines[0] && limitIn(limit, lines[0].channel);
      const name = `${lawName(language, limit.law)} ${levelName(language, limit.level)}, ${statisticName(language, limit.statistic)}`;
      return value === undefined ? [] : [{ value, name }];
    });
    const runs = runsOf(flags, at, span);
    const highest = laid.flatMap(({ bins }) => bins).reduce((top, b) => Math.max(top, b?.max ?? b?.mean ?? top), 0);
    // A limit far above the curve would press it flat; it is said in words instead.
    const levels = figures.filter(({ value }) => value <= 2.5 * highest);
    return {
      span,
      bins: first,
      runs,
      beyond: figures.filter((figure) => !levels.includes(figure)),
      data: {
        ...{ at, from, to, levels },
        lines: laid.map(({ line, bins }, i) => ({
          name: channelName(language, line.channel),
          values: bins.map((b) => b?.mean),
          ink: i === 0 ? ("strong" as const) : ("soft" as const),
          dash: line.channel.correction !== undefined,
        })),
        ...(one && { band: { name: t.band, low: first.map((b) => b?.min), high: first.map((b) => b?.max) } }),
        spans: first.flatMap((b, i) => (doubtful(b) ? [{ from: at[i] ?? 0, to: (at[i] ?? 0) + span }] : [])),
        ...(metric === "laeq" || metric === "temperature" || metric === "pressure"
          ? { floor: lowest(first.map((b) => b?.min)) }
          : {}),
        columns: [
          { name: t.coverage, cells: first.map((b) => (b ? say.percent(b.coverage) : "")) },
          {
            name: t.readings,
            cells: first.map((b) =>
              b
                ? (["1", "2", "3", "4", "9"] as const)
                    .filter((f) => b.flags[f] > 0)
                    .map((f) => `${f}: ${b.flags[f]}`)
                    .join(", ")
                : "",
            ),
          },
        ],
      },
    };
  }, [lines, from, to, limits, metric, language, unit, one, t, say.percent]);
  const words = (value: number): string => `${figure(value, say)} ${unitName(unit)}`;
  return (
    <section className="air-metric" aria-label={metricName(language, metric)}>
      <TimeChart
        label={metricName(language, metric)}
        title={`${unitName(unit)}, ${averaging(span, t.bins)}`}
        data={data}
        words={words}
        times={span >= 86_400_000 ? "days" : "hours"}
        sync="station"
        onZoom={onZoom}
        height={180}
      />
      {beyond.length > 0 && (
        <p className="air-beyond">{t.beyond(beyond.map(({ name, value }) => `${name} ${words(value)}`).join("; "))}</p>
      )}
      <FlagStrip runs={runs} from={from} to={to} bins={bins} />
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
  const language = useLanguage();
  const say = speech(language);
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

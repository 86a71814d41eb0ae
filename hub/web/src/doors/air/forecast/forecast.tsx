import type { AirBin, AirChannel, AirForecast } from "@openkerb/contract";
import { useMemo } from "react";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useNow } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { useForecast } from "../parts/air-asks.ts";
import { ChartLegend } from "../parts/chart-legend.tsx";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName, figure, metricName, unitName } from "../parts/names.ts";
import { type AirPageProps, changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice } from "../parts/states.tsx";
import { useSeries } from "../parts/station-asks.ts";
import { PlacePage } from "../parts/station-choice.tsx";
import { TimeChart, type TimeData } from "../parts/time-chart.tsx";
import { Association } from "./association.tsx";
import { Past } from "./past.tsx";
import { Record as TrackRecord } from "./record.tsx";
import type { Texts } from "./texts.ts";
import * as texts from "./texts.ts";
import { Unusual } from "./unusual.tsx";
import { Warnings } from "./warnings.tsx";

type Channel = AirForecast["channels"][number];
export type Forecast = Extract<Channel["result"], { kind: "forecast" }>;

const hour = 3_600_000;
const shownBefore = 48 * hour;

/** The next hours with their record, what earlier forecasts said, unusual hours, and the traffic beside it. */
export function ForecastPage({ route }: AirPageProps) {
  const t = useTexts(texts);
  const change = changing(route);
  return (
    <PlacePage
      title={t.title}
      lead={t.lead}
      site={route.asked.site}
      choose={(site) => change({ site, channel: undefined })}
      fits={(s) => s.channels.some((c) => metrics.has(c.channel.metric))}
    >
      {(station) => (
        <OfStation site={station.site} chosen={route.asked.channel} choose={(channel) => change({ channel })} />
      )}
    </PlacePage>
  );
}

const metrics: ReadonlySet<string> = new Set(["pm25", "pm10", "o3", "no2", "laeq"]);

function OfStation({
  site,
  chosen,
  choose,
}: {
  site: string;
  chosen: string | undefined;
  choose: (id: string) => void;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const forecast = useForecast(site);
  return (
    <AirAnswer of={forecast} what={t.what}>
      {({ channels }) => {
        // Corrected values are worked out beside the readings, which are what is learnt from.
        const foretold = channels.filter((c) => c.channel.correction === undefined || c.result.kind === "forecast");
        const one = foretold.find((c) => String(c.channel.id) === chosen) ?? foretold[0];
        if (!one)
          return (
            <Notice title={t.noneOf}>
              <p>{t.noneOfWhy}</p>
            </Notice>
          );
        return (
          <>
            <div className="air-choices">
              <Choice
                label={t.channel}
                value={String(one.channel.id)}
                options={foretold.map((c) => ({ id: String(c.channel.id), name: channelName(language, c.channel) }))}
                onChange={choose}
              />
            </div>
            {channels.some((c) => !foretold.includes(c) && isCorrected(one.channel, c.channel)) && (
              <p className="muted">{t.rawOnly}</p>
            )}
            <OfChannel key={one.channel.id} one={one} />
          </>
        );
      }}
    </AirAnswer>
  );
}

/** Whether the second channel is the first one, corrected. */
const isCorrected = (raw: AirChannel, other: AirChannel): boolean =>
  raw.correction === undefined &&
  other.correction !== undefined &&
  (["device", "sensor", "metric"] as const).every((what) => raw[what] === other[what]);

/** What can be said of one channel; without a forecast the rest of the page still stands. */
function OfChannel({ one: { channel, result } }: { one: Channel }) {
  const t = useTexts(texts);
  return (
    <>
      {result.kind === "none" ? (
        <Notice title={t.none}>
          <p>
            <HubWords>{result.why}</HubWords>
          </p>
        </Notice>
      ) : (
        <Fan channel={channel} forecast={result} />
      )}
      <div className="forecast-beside">
        <Unusual channel={channel} />
        <Association site={channel.site} metric={channel.metric} />
      </div>
    </>
  );
}

function Fan({ channel, forecast }: { channel: Channel["channel"]; forecast: Forecast }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const language = useLanguage();
  const now = useNow();
  const unit = unitName(channel.unit);
  const age = Math.floor((now - forecast.from - hour) / hour);
  const { horizons } = forecast;
  const series = useSeries(
    {
      site: channel.site,
      metric: channel.metric,
      from: forecast.from - shownBefore,
      to: forecast.from + hour,
      points: shownBefore / hour + 1,
    },
    false,
  );
  const bins = series.data?.lines.find((l) => l.channel.id === channel.id)?.bins;
  const data = useMemo((): TimeData => fanOf(forecast, bins ?? [], unit, t), [forecast, bins, unit, t]);
  return (
    <>
      <section aria-label={t.chartTitle}>
        <TimeChart
          label={`${metricName(language, channel.metric)} · ${t.chartTitle}`}
          title={t.chart(unit)}
          data={data}
          height={260}
          words={(v) => `${figure(v, say)} ${unit}`}
        />
        <ChartLegend data={data} />
        <p className="muted">
          {t.made(say.moment(forecast.made), say.moment(forecast.from))} {t.learnt(say.date(forecast.learntUntil))}
        </p>
        {age >= 2 && <p className="air-note">{t.old(say.count(age))}</p>}
      </section>
      <Warnings channel={channel} horizons={horizons} />
      <TrackRecord horizons={horizons} unit={unit} />
      <Past forecast={forecast} unit={unit} />
    </>
  );
}

/** What was measured in the last days, then the hours that were forecast with their interval. */
function fanOf({ horizons, from }: Forecast, bins: readonly AirBin[], unit: string, t: Texts): TimeData {
  // An hour without readings has no bin: its place is kept, so that the gap is seen.
  const means = new Map(bins.map((b) => [b.from as number, b.mean]));
  const first = bins[0]?.from ?? from;
  const shown = Array.from({ length: Math.max(0, Math.round((from - first) / hour) + 1) }, (_, i) => first + i * hour);
  const at = [...shown, ...horizons.map((h) => h.for as number)];
  const before = shown.map(() => undefined);
  const events = [...new Set(horizons.map((h) => h.event))];
  return {
    at,
    lines: [
      { name: t.measured, values: [...shown.map((time) => means.get(time)), ...horizons.map(() => undefined)] },
      { name: t.expected, values: [...before, ...horizons.map((h) => h.value)], dash: true },
    ],
    band: {
      name: t.interval,
      low: [...before, ...horizons.map((h) => h.low)],
      high: [...before, ...horizons.map((h) => h.high)],
    },
    levels: events.map((value) => ({ value, name: t.threshold(`${value} ${unit}`) })),
    from: at[0] ?? from,
    to: at.at(-1) ?? from,
  };
}

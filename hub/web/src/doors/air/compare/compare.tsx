import type { AirSeries, AirStation, Metric } from "@openkerb/contract";
import { useMemo } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useNow } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { type AirRoute, air } from "../../../route.ts";
import { Link } from "../../../use-route.tsx";
import { useStations } from "../parts/air-asks.ts";
import { doubtful, laidOut, momentsOf } from "../parts/bins.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName, figure, metricName, unitName } from "../parts/names.ts";
import { RowTable } from "../parts/row-table.tsx";
import { changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice } from "../parts/states.tsx";
import { useSeries } from "../parts/station-asks.ts";
import { TimeChart } from "../parts/time-chart.tsx";
import { rangeNames, shownPart } from "../station/time-part.ts";
import { agreementOf } from "./agreement.ts";
import * as texts from "./texts.ts";

/** Four lines can be told apart by ink and dashes; more would be a tangle. */
const most = 4;

/** The same quantity at several places. */
export function Compare({ route }: { route: AirRoute }) {
  const t = useTexts(texts);
  const stations = useStations();
  return (
    <div className="pane air-page">
      <h1>{t.title}</h1>
      <AirAnswer of={stations} what={t.places}>
        {({ stations: all }) => <Chosen all={all} route={route} />}
      </AirAnswer>
    </div>
  );
}

function Chosen({ all, route }: { all: readonly AirStation[]; route: AirRoute }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const now = useNow();
  const metrics = [...new Set(all.flatMap((s) => s.channels.map((c) => c.channel.metric)))];
  const metric = metrics.find((m) => m === route.asked.metric) ?? metrics[0];
  const able = all.filter((s) => s.channels.some((c) => c.channel.metric === metric));
  const asked = route.asked.sites?.split(",") ?? able.slice(0, most).map((s) => s.site as string);
  const chosen = able.filter((s) => asked.includes(s.site)).slice(0, most);
  const ask = changing(route);
  if (metric === undefined) return <Notice title={t.nothing} />;
  const first = able.flatMap((s) => s.channels).reduce((at, c) => Math.min(at, c.first ?? at), now);
  const part = shownPart(route.asked, now, first);
  return (
    <>
      <div className="air-choices">
        <Choice
          label={t.quantity}
          value={metric as string}
          options={metrics.map((m) => ({ id: m as string, name: metricName(language, m) }))}
          onChange={(m) => ask({ metric: m })}
        />
        <ToggleButtonGroup
          className="segments"
          aria-label={t.places}
          selectionMode="multiple"
          selectedKeys={chosen.map((s) => s.site as string)}
          onSelectionChange={(keys) => ask({ sites: [...keys].slice(-most).join(",") })}
        >
          {able.map((s) => (
            <ToggleButton key={s.site} id={s.site} className="segment">
              {s.name}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <ToggleButtonGroup
          className="segments"
          aria-label={t.range}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[part.range]}
          onSelectionChange={(keys) => ask({ range: rangeNames.find((r) => keys.has(r)) ?? part.range })}
        >
          {rangeNames.map((r) => (
            <ToggleButton key={r} id={r} className="segment">
              {t.ranges[r]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
      {able.length === 1 && <p className="muted">{t.few}</p>}
      {chosen.length === 0 ? (
        <p className="muted">{t.chooseTwo}</p>
      ) : (
        <Lines metric={metric} stations={chosen} from={part.from} to={part.to} live={part.live} />
      )}
    </>
  );
}

type LinesProps = {
  readonly metric: Metric;
  readonly stations: readonly AirStation[];
  readonly from: number;
  readonly to: number;
};
function Lines({ metric, stations, from, to, live }: LinesProps & { live: boolean }) {
  const t = useTexts(texts);
  const series = useSeries({ metric, from, to, points: 720 }, live);
  return (
    <AirAnswer of={series} what={t.series}>
      {({ lines }) => <Drawn lines={lines} metric={metric} stations={stations} from={from} to={to} />}
    </AirAnswer>
  );
}

/** One line for each place: of several channels the one that has the most to show, a corrected one first. */
function lineFor(lines: AirSeries["lines"], site: string): AirSeries["lines"][number] | undefined {
  return lines
    .filter((l) => l.channel.site === site && l.bins.length > 0)
    .sort(
      (a, b) =>
        Number(b.channel.correction !== undefined) - Number(a.channel.correction !== undefined) ||
        b.bins.length - a.bins.length,
    )[0];
}

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const highestOf = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

function Drawn({ lines, metric, stations, from, to }: LinesProps & { lines: AirSeries["lines"] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const { at, rows, unit, data } = useMemo(() => {
    const found = stations.flatMap((station) => {
      const line = lineFor(lines, station.site);
      return line ? [{ station, line }] : [];
    });
    const unit = found[0]?.line.channel.unit ?? "1";
    const same = found.filter(({ line }) => line.channel.unit === unit);
    const { at } = momentsOf(same.map(({ line }) => line));
    const rows = same.map(({ station, line }) => {
      const bins = laidOut(line, at);
      // What is mostly bad is not compared with anything.
      const values = bins.map((b) => (doubtful(b) ? undefined : b?.mean));
      const known = values.filter((v): v is number => v !== undefined);
      const covered = bins.reduce((sum, b) => sum + (b?.coverage ?? 0), 0) / at.length;
      return { station, channel: line.channel, values, known, covered };
    });
    const first = rows[0]?.values ?? [];
    const data = {
      ...{ at, from, to },
      lines: rows.map(({ station, values }, i) => ({
        name: station.name,
        values,
        ink: i % 2 === 0 ? ("strong" as const) : ("soft" as const),
        dash: i > 1,
      })),
    };
    return { at, rows: rows.map((row) => ({ ...row, ...agreementOf(row.values, first) })), unit, data };
  }, [lines, stations, from, to]);
  const words = (value: number): string => `${figure(value, say)} ${unitName(unit)}`;
  const one = rows[0];
  if (!one || at.length === 0) return <p className="muted">{t.nothing}</p>;
  return (
    <>
      <TimeChart
        label={metricName(language, metric)}
        title={`${unitName(unit)} · ${t.together}`}
        data={data}
        words={words}
        height={300}
      />
      <ul className="air-legend" aria-label={t.places}>
        {rows.map(({ station, channel }, i) => (
          <li key={station.site}>
            <svg
              aria-hidden="true"
              viewBox="0 0 28 8"
              width="28"
              height="8"
              className={`legend-line ${i % 2 === 0 ? "strong" : "soft"} ${i > 1 ? "dash" : ""}`}
            >
              <path d="M0 4H28" />
            </svg>
            <Link to={air("station", {}, station.site)}>{station.name}</Link>
            <span className="muted">{channelName(language, channel)}</span>
          </li>
        ))}
      </ul>
      <RowTable
        name={t.table}
        rows={rows}
        keyOf={({ station }) => station.site}
        columns={[
          { head: t.place, cell: ({ station }) => station.name },
          { head: t.mean, number: true, cell: ({ known }) => (known.length === 0 ? "–" : words(meanOf(known))) },
          { head: t.highest, number: true, cell: ({ known }) => (known.length === 0 ? "–" : words(highestOf(known))) },
          { head: t.covered, number: true, cell: ({ covered }) => say.percent(covered) },
          {
            head: t.against(one.station.name),
            number: true,
            cell: ({ difference }, i) => (i === 0 || difference === undefined ? "–" : words(difference)),
          },
          {
            head: t.correlation(one.station.name),
            number: true,
            cell: ({ correlation }, i) => (i === 0 || correlation === undefined ? "–" : say.fixed(correlation, 2)),
          },
          { head: t.shared, number: true, cell: ({ shared }, i) => (i === 0 ? "–" : say.count(shared)) },
        ]}
      />
      <p className="muted">{t.note}</p>
    </>
  );
}

import type { AirStation, Metric } from "@openkerb/contract";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { hubNow } from "../../../api.ts";
import { useNow } from "../../../parts/live.tsx";
import { Notice } from "../../../parts/states.tsx";
import { type AirRoute, air } from "../../../route.ts";
import { Link } from "../../../use-route.tsx";
import { useStations } from "../parts/air-asks.ts";
import { useTexts } from "../parts/language.ts";
import { changing } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import { useLimits } from "../parts/station-asks.ts";
import { dayText } from "../parts/times.ts";
import { choiceOf, IndexCard } from "./index-card.tsx";
import { MetricChart } from "./metric-chart.tsx";
import * as texts from "./texts.ts";
import { rangeNames, shownPart, type TimePart } from "./time-part.ts";

/** In which order quantities are shown: what laws limit first. */
const order: readonly Metric[] = [
  ...([
    "pm25",
    "pm10",
    "no2",
    "o3",
    "so2",
    "co",
    "laeq",
    "lafmax",
    "lceq",
    "la10",
    "la50",
    "la90",
    "pm1",
    "pm4",
  ] as const),
  ...(["no", "nox", "h2s", "hcho", "co2", "voc-index", "nox-index", "temperature", "humidity", "pressure"] as const),
  ...(["wind-speed", "wind-direction", "rain"] as const),
];

/** One place: its index with its law and why, then every quantity on one time axis. */
export function Station({ site, route }: { site: string; route: AirRoute }) {
  const t = useTexts(texts);
  const stations = useStations();
  return (
    <div className="pane air-page">
      <Link to={air("stations")} className="back">
        ← {t.all}
      </Link>
      <AirAnswer of={stations} what={t.station}>
        {({ stations: all }) => {
          const station = all.find((s) => s.site === site);
          return station ? (
            <Shown station={station} route={route} />
          ) : (
            <Notice whole title={t.unknown(site)} action={<Link to={air("stations")}>{t.all}</Link>}>
              <p>{t.unknownWhy}</p>
            </Notice>
          );
        }}
      </AirAnswer>
    </div>
  );
}

function Shown({ station, route }: { station: AirStation; route: AirRoute }) {
  const t = useTexts(texts);
  const now = useNow();
  const ask = changing(route);
  const first = station.channels.reduce((at, c) => Math.min(at, c.first ?? at), now);
  const part = shownPart(route.asked, now, first);
  const { region } = choiceOf(route.asked.law);
  const limits = useLimits(dayText(part.to, useSpeech().offset), region).data?.limits ?? [];
  const metrics = order.filter((m) => station.channels.some((c) => c.channel.metric === m));
  const zoom = (from?: number, to?: number): void =>
    ask(
      from === undefined || to === undefined
        ? { from: undefined, to: undefined }
        : { from: String(Math.floor(from)), to: String(Math.ceil(to)) },
    );
  return (
    <>
      <h1>{station.name}</h1>
      <IndexCard
        site={station.site}
        law={route.asked.law}
        choose={(law) => ask({ law: law === "auto" ? undefined : law })}
      />
      <p className="air-links">
        <Link to={air("report", { site: station.site })}>{t.report}</Link>
        <Link to={air("compare", { sites: station.site, metric: metrics[0] ?? "pm25" })}>{t.compare}</Link>
        <Link to={air("ledger", { site: station.site })}>{t.ledger}</Link>
      </p>
      <TimeChoice part={part} ask={ask} />
      <p className="muted air-hint">
        {t.limits} {t.doubtful}
      </p>
      {metrics.map((metric) => (
        <MetricChart
          key={metric}
          site={station.site}
          metric={metric}
          from={part.from}
          to={part.to}
          live={part.live}
          limits={limits}
          onZoom={zoom}
          channels={station.channels}
        />
      ))}
    </>
  );
}

function TimeChoice({ part, ask }: { part: TimePart; ask: (change: Record<string, string | undefined>) => void }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const move = (by: number): void => {
    const span = part.to - part.from;
    ask({ from: String(Math.floor(part.from + by * span)), to: String(Math.ceil(part.to + by * span)) });
  };
  return (
    <div className="air-choices air-times">
      <ToggleButtonGroup
        className="segments"
        aria-label={t.range}
        selectionMode="single"
        selectedKeys={part.zoomed ? [] : [part.range]}
        onSelectionChange={(keys) => {
          const chosen = rangeNames.find((r) => keys.has(r)) ?? part.range;
          ask({ range: chosen === "7d" ? undefined : chosen, from: undefined, to: undefined });
        }}
      >
        {rangeNames.map((r) => (
          <ToggleButton key={r} id={r} className="segment">
            {t.ranges[r]}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Button className="button small" onPress={() => move(-1)}>
        ← {t.earlier}
      </Button>
      <Button className="button small" isDisabled={part.to >= hubNow()} onPress={() => move(1)}>
        {t.later} →
      </Button>
      {part.zoomed && (
        <Button className="button small" onPress={() => ask({ from: undefined, to: undefined })}>
          {t.whole}
        </Button>
      )}
      <span className="muted">
        {say.moment(part.from)} – {say.moment(part.to)}
      </span>
    </div>
  );
}

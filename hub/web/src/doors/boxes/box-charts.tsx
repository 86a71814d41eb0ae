import type { DeviceView, SiteView } from "@openkerb/contract";
import { cutAt, midnight, stretch } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { Chart, type ChartSeries } from "../../parts/chart.tsx";
import { useNow, useScreen } from "../../parts/live.tsx";
import { useCounts } from "../../queries.ts";
import type { Range } from "../../route.ts";
import type { Sample } from "../../screen.ts";
import { bytes, clock, percent, rough } from "../../words.ts";
import * as said from "./texts.ts";

const minute = 60_000;
const hour = 60 * minute;

type Props = { readonly device: DeviceView; readonly site: SiteView | undefined; readonly range: Range };

/** What the hub has kept of a box's work, then what the box has reported while this page was open. */
export function BoxCharts({ device, site, range }: Props) {
  const samples = useScreen().samples(device.device);
  const say = texts(said).charts;
  const now = useNow();
  return (
    <section className="charts" aria-label={say.name}>
      <Watched site={device.site} range={range} />
      <header className="section-head">
        <h2>{say.reported}</h2>
        {samples[0] && samples.length > 1 && <span className="muted">{say.since(clock(samples[0].at, now))}</span>}
      </header>
      {samples.length < 2 ? (
        <p className="muted pad">{device.state === "online" ? say.soon : say.offline}</p>
      ) : (
        <Reported device={device} site={site} samples={samples} />
      )}
    </section>
  );
}

/** Share of each minute or hour that the cameras really watched. */
function Watched({ site, range }: { site: string; range: Range }) {
  const now = useNow();
  const say = texts(said).charts;
  const span = range === "1h" ? minute : hour;
  const start = { "1h": cutAt(now) - hour, today: midnight(now), "24h": now - 24 * hour, "7d": now - 168 * hour }[
    range
  ];
  const counts = useCounts(site, span === minute ? "minute" : "hour", start - (start % hour));
  const from = range === "1h" ? now - (now % minute) - 60 * minute : start - (start % hour);
  const all = counts.data?.bins ?? [];
  const narrowest = range === "1h" ? 15 * minute : 12 * hour;
  const shown = stretch({ bins: all, from, to: now, span, narrowest });
  const bins = all.filter((b) => b.from >= shown.from && b.from + b.span <= now - minute);
  const data = {
    at: bins.map((b) => b.from),
    series: [
      {
        name: say.watchedSeries,
        values: bins.map((b) => (b.watched > 0 ? b.watched * 100 : null)),
        draw: "up" as const,
        soft: true,
        words: (v: number) => percent(v / 100),
      },
    ],
    watched: bins.map((b) => (b.watched > 0 ? 1 : 0)),
    span,
    ...shown,
    top: 100,
  };
  return (
    <>
      <header className="section-head">
        <h2>{say.watched}</h2>
        <span className="muted legend">
          <span className="swatch hatch" /> {say.notWatched}
        </span>
      </header>
      <Chart label={say.share} title={span === minute ? say.perMinute : say.perHour} data={data} height={112} />
    </>
  );
}

function Reported({
  device,
  site,
  samples,
}: {
  device: DeviceView;
  site: SiteView | undefined;
  samples: readonly Sample[];
}) {
  const now = useNow();
  const say = texts(said).charts;
  const from = samples[0]?.at ?? now;
  // A point every ten seconds; a longer silence is a gap, drawn as one.
  const points: (Sample | { at: number })[] = samples.flatMap((s, i) => {
    const before = samples[i - 1];
    return before && s.at - before.at > 35_000 ? [{ at: before.at + 10_000 }, s] : [s];
  });
  const at = points.map((p) => p.at);
  const base = { at, span: 10_000, from, to: Math.max(now, from + 60_000) };
  const line = (name: string, of: (s: Sample) => number | undefined, words: (v: number) => string): ChartSeries => ({
    name,
    values: points.map((p) => ("memory" in p ? (of(p) ?? null) : null)),
    draw: "line",
    words,
  });
  const cameras = device.health?.cameras ?? [];
  return (
    <>
      {cameras.map((camera) => (
        <Chart
          key={camera.id}
          label={site?.cameras.find((c) => c.id === camera.id)?.name ?? camera.id}
          title={say.framesTitle}
          height={96}
          sync="box"
          data={{
            ...base,
            series: [
              line(
                say.frames,
                (s) => s.fps.get(camera.id),
                (v) => `${rough(v)} ${say.frames}`,
              ),
            ],
          }}
        />
      ))}
      <Chart
        label={say.outbox}
        title={say.waiting}
        height={96}
        sync="box"
        data={{
          ...base,
          series: [
            line(
              say.items,
              (s) => s.outbox,
              (v) => say.waitingN(v),
            ),
          ],
        }}
      />
      <Chart
        label={say.memory}
        title={say.inUse}
        height={96}
        sync="box"
        data={{
          ...base,
          series: [
            line(
              "MB",
              (s) => s.memory / 1e6,
              (v) => bytes(v * 1e6),
            ),
          ],
        }}
      />
      {samples.some((s) => s.temperature !== undefined) && (
        <Chart
          label={say.temperature}
          title="°C"
          height={96}
          sync="box"
          data={{
            ...base,
            series: [
              line(
                "°C",
                (s) => s.temperature,
                (v) => `${rough(v)} °C`,
              ),
            ],
          }}
        />
      )}
    </>
  );
}

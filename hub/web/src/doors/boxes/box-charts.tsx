import type { DeviceView, SiteView } from "@openkerb/contract";
import { cutAt, midnight, stretch } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { Chart } from "../../parts/chart.tsx";
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
        <Reports device={device} site={site} samples={samples} />
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

/** A figure of the health message over time. */
type Reported = {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  readonly name: string;
  readonly of: (sample: Sample) => number | undefined;
  readonly words: (value: number) => string;
};

function Reports({
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
  const all: Reported[] = [
    ...(device.health?.cameras ?? []).map(({ id }) => ({
      id: `camera ${id}`,
      label: site?.cameras.find((c) => c.id === id)?.name ?? id,
      title: say.framesTitle,
      name: say.frames,
      of: (s: Sample) => s.fps.get(id),
      words: (v: number) => `${rough(v)} ${say.frames}`,
    })),
    { id: "outbox", label: say.outbox, title: say.waiting, name: say.items, of: (s) => s.outbox, words: say.waitingN },
    {
      id: "memory",
      label: say.memory,
      title: say.inUse,
      name: "MB",
      of: (s) => s.memory / 1e6,
      words: (v) => bytes(v * 1e6),
    },
    {
      id: "temperature",
      label: say.temperature,
      title: "°C",
      name: "°C",
      of: (s) => s.temperature,
      words: (v) => `${rough(v)} °C`,
    },
  ];
  return all
    .filter(({ of }) => samples.some((s) => of(s) !== undefined))
    .map(({ id, label, title, name, of, words }) => {
      const values = points.map((p) => ("memory" in p ? (of(p) ?? null) : null));
      const data = { ...base, series: [{ name, values, draw: "line" as const, words }] };
      return <Chart key={id} label={label} title={title} height={96} sync="box" data={data} />;
    });
}

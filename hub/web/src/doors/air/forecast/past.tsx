import { useMemo, useState } from "react";
import { ChartLegend } from "../parts/chart-legend.tsx";
import { useTexts } from "../parts/language.ts";
import { figure } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { Choice } from "../parts/states.tsx";
import { TimeChart, type TimeData } from "../parts/time-chart.tsx";
import type { Forecast } from "./forecast.tsx";
import * as texts from "./texts.ts";

const halfDay = 43_200_000;

/** What was forecast for hours that have come since, so many hours before them. */
export function Past({ forecast: { past }, unit }: { forecast: Forecast; unit: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const horizons = [...new Set(past.map((p) => p.horizon))].sort((a, b) => a - b);
  const [wanted, setWanted] = useState(6);
  const horizon = horizons.includes(wanted) ? wanted : horizons[0];
  const data = useMemo((): TimeData => {
    const own = past.filter((p) => p.horizon === horizon);
    return {
      at: own.map((p) => p.for),
      lines: [
        { name: t.came, values: own.map((p) => p.came) },
        { name: t.said, values: own.map((p) => p.value), dash: true },
      ],
      band: { name: t.interval, low: own.map((p) => p.low), high: own.map((p) => p.high) },
      // A single forecast still needs a stretch of time to stand in.
      from: (own[0]?.for ?? 0) - halfDay,
      to: (own.at(-1)?.for ?? 0) + halfDay,
    };
  }, [past, horizon, t]);
  return (
    <section aria-label={t.past} className="forecast-past">
      <h2>{t.past}</h2>
      {horizon === undefined ? (
        <p className="muted pad">{t.pastNone}</p>
      ) : (
        <>
          <div className="air-choices">
            <Choice
              label={t.horizon}
              value={String(horizon)}
              options={horizons.map((h) => ({ id: String(h), name: t.ahead(h) }))}
              onChange={(h) => setWanted(Number(h))}
            />
          </div>
          <TimeChart
            title={t.pastChart(horizon, unit)}
            data={data}
            height={200}
            words={(v) => `${figure(v, say)} ${unit}`}
          />
          <ChartLegend data={data} />
        </>
      )}
    </section>
  );
}

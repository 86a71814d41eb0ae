import type { AirNoise } from "@openkerb/contract";
import { TableHead } from "../../../parts/table-head.tsx";
import { ChartLegend } from "../parts/chart-legend.tsx";
import { useTexts } from "../parts/language.ts";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

type Bands = NonNullable<AirNoise["spectrum"]>;

const parts = ["day", "evening", "night"] as const;
const looks = { day: { ink: "soft" }, evening: { ink: "soft", dash: true }, night: { dash: true } } as const;
/** Octaves are named; the bands between them would not fit. */
const named = new Set(["31.5", "63", "125", "250", "500", "1000", "2000", "4000", "8000"]);
const short = (band: string): string => (band.length > 3 && band.endsWith("000") ? `${band.slice(0, -3)}k` : band);

/** The bands' levels of one part of the day as steps; a band without one is left open. */
const steps = (bands: Bands, part: (typeof parts)[number], top: number): string => {
  let line = "";
  for (const [i, band] of bands.entries()) {
    const level = band[part];
    if (level === undefined) continue;
    const joined = i > 0 && bands[i - 1]?.[part] !== undefined;
    line += `${joined ? "V" : `M${i} `}${(top - level).toFixed(2)}h1`;
  }
  return line;
};

/** How a place's noise is spread over the third octaves by day, in the evening and at night, and what sounds like a tone. */
export function Spectrum({ bands }: { bands: Bands }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const there = parts.filter((part) => bands.some((b) => b[part] !== undefined));
  const levels = bands.flatMap((b) => parts.flatMap((part) => b[part] ?? []));
  if (levels.length === 0) return null;
  const [low, top] = [Math.floor(Math.min(...levels) / 10) * 10, Math.ceil((Math.max(...levels) + 1) / 10) * 10];
  const marks = Array.from({ length: (top - low) / 10 + 1 }, (_, i) => low + 10 * i);
  const tones = bands.filter((b) => b.tones.length > 0);
  return (
    <section className="spectrum" aria-labelledby="spectrum-title">
      <h2 id="spectrum-title">{t.spectrum}</h2>
      <p className="muted">{t.spectrumHow}</p>
      <div className="spectrum-chart" aria-hidden="true">
        {marks.map((m) => (
          <span key={m} className="spectrum-mark" style={{ bottom: `${(100 * (m - low)) / (top - low)}%` }}>
            {m}
          </span>
        ))}
        <svg viewBox={`0 0 ${bands.length} ${top - low}`} preserveAspectRatio="none" aria-hidden="true">
          {there.map((part) => (
            <path
              key={part}
              className={`legend-line${"ink" in looks[part] ? " soft" : ""}${"dash" in looks[part] ? " dash" : ""}`}
              d={steps(bands, part, top)}
            />
          ))}
        </svg>
        {bands.map((b, i) =>
          named.has(b.band) ? (
            <span key={b.band} className="spectrum-band" style={{ left: `${(100 * (i + 0.5)) / bands.length}%` }}>
              {short(b.band)}
            </span>
          ) : null,
        )}
      </div>
      <ChartLegend data={{ lines: there.map((part) => ({ name: t.parts[part], values: [], ...looks[part] })) }} />
      <p>
        {tones.length === 0
          ? t.noTone
          : t.tones(
              tones.map((b) =>
                t.tone(
                  b.band,
                  b.tones.map((part) => t.when[part]),
                ),
              ),
            )}{" "}
        <span className="muted">{t.toneWhy}</span>
      </p>
      <details>
        <summary>{t.spectrumTable}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard */}
        <section className="wide-table" aria-label={t.spectrumTable} tabIndex={0}>
          <table>
            <TableHead columns={[t.band, ...there.map((part) => ({ number: t.parts[part] }))]} />
            <tbody>
              {bands.map((b) => (
                <tr key={b.band}>
                  <th scope="row">{t.hertz(b.band)}</th>
                  {there.map((part) => {
                    const level = b[part];
                    return (
                      <td key={part} className="number">
                        {level === undefined ? "–" : say.fixed(level, 1)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </section>
  );
}

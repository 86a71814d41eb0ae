import type { Agreement } from "./agreement.ts";
import type { Verdict } from "./calibration.ts";
import type { Pair } from "./pairs.ts";
import type { TargetResult } from "./targets.ts";

/** Everything that stands on the sheet. Names come from files and are escaped. */
export type ColocationSheet = {
  readonly sensor: string;
  readonly reference: string;
  readonly unit: string;
  readonly spanMinutes: number;
  readonly pairs: readonly Pair[];
  readonly agreement: Agreement;
  readonly targets: readonly TargetResult[];
  readonly verdict: Verdict;
  readonly warning: string | null;
  /** Where the numbers come from, who made them and when, where that is known. */
  readonly provenance?: string;
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const n = (value: number, places = 2): string => value.toFixed(places);
const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

/** A step of 1, 2 or 5 that divides a length into about five. */
function step(length: number): number {
  const raw = length / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * (raw / power < 1.5 ? 1 : raw / power < 3.5 ? 2 : raw / power < 7.5 ? 5 : 10);
}

/** Reference to the right, sensor upwards, both on the same scale, with the line on which they agree. */
function scatter({ pairs, agreement, unit }: ColocationSheet): string {
  const values = pairs.flatMap((p) => [p.sensor, p.reference]);
  const by = step(Math.max(...values) - Math.min(...values));
  const low = Math.floor(Math.min(...values) / by) * by;
  const high = Math.ceil(Math.max(...values) / by) * by;
  const x = (v: number) => 50 + ((v - low) / (high - low)) * 300;
  const y = (v: number) => 320 - ((v - low) / (high - low)) * 300;
  const places = by < 1 ? 2 : 0;
  const ticks = Array.from({ length: Math.round((high - low) / by) + 1 }, (_, i) => low + i * by);
  const grid = ticks.map(
    (t) =>
      `<path d="M${x(t)} 20V320M50 ${y(t)}H350" stroke="#ddd"/><text x="${x(t)}" y="336" text-anchor="middle">${n(t, places)}</text><text x="44" y="${y(t) + 4}" text-anchor="end">${n(t, places)}</text>`,
  );
  const dots = pairs.map((p) => `<circle cx="${n(x(p.reference), 1)}" cy="${n(y(p.sensor), 1)}" r="1.6"/>`);
  const fitted = (v: number) => agreement.slope * v + agreement.intercept;
  return `<svg viewBox="0 0 360 365" role="img" aria-labelledby="plot"><title id="plot">Sensor over reference: slope ${n(agreement.slope)}, R² ${n(agreement.r2)}</title>
<defs><clipPath id="field"><rect x="50" y="20" width="300" height="300"/></clipPath></defs>${grid.join("")}
<g clip-path="url(#field)"><path d="M${x(low)} ${y(low)}L${x(high)} ${y(high)}" stroke="#666" stroke-dasharray="4 3"/><g fill="#1d5c8f" fill-opacity="0.45">${dots.join("")}</g><path d="M${x(low)} ${y(fitted(low))}L${x(high)} ${y(fitted(high))}" stroke="#b3261e" stroke-width="1.5"/></g>
<text x="200" y="356" text-anchor="middle">reference, ${escaped(unit)}</text><text transform="translate(12 170) rotate(-90)" text-anchor="middle">sensor, ${escaped(unit)}</text></svg>`;
}

const rows = (entries: readonly (readonly [string, string])[]): string =>
  entries.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`).join("");

function calibrationPart({ verdict, unit }: ColocationSheet): string {
  const of = verdict.calibration;
  const reasons =
    verdict.kind === "refused" ? `<ul>${verdict.why.map((why) => `<li>${escaped(why)}</li>`).join("")}</ul>` : "";
  const table = of
    ? `<table>${rows([
        ["Gain (95 % interval)", `${n(of.gain, 3)} (${n(of.gainInterval[0], 3)} to ${n(of.gainInterval[1], 3)})`],
        [
          "Offset (95 % interval)",
          `${n(of.offset)} (${n(of.offsetInterval[0])} to ${n(of.offsetInterval[1])}) ${escaped(unit)}`,
        ],
        ["Fitted on", `${of.fitted.n} pairs, ${day(of.fitted.from)} to ${day(of.fitted.to)}, R² ${n(of.fitted.r2)}`],
        ["Judged on", `${of.judged.n} pairs, ${day(of.judged.from)} to ${day(of.judged.to)}, R² ${n(of.judged.r2)}`],
        ["RMSE there, before and after", `${n(of.judged.rmseBefore)} and ${n(of.judged.rmseAfter)} ${escaped(unit)}`],
        ["RMSE of the mean alone", `${n(of.judged.rmseOfMean)} ${escaped(unit)}`],
      ])}</table>`
    : "";
  return `<h2>Calibration ${verdict.kind}</h2>${reasons}${table}`;
}

/** The page's only style. A server that allows no other style in a page names its digest. */
export const colocationStyle = `
@page { size: A4; margin: 15mm }
body { font: 10.5pt/1.4 system-ui, sans-serif; color: #111; max-width: 180mm; margin: auto }
h1 { font-size: 17pt; margin: 0 0 2mm } h2 { font-size: 12pt; margin: 5mm 0 1mm }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: 0.6mm 2mm 0.6mm 0; border-bottom: 1px solid #ddd; font-weight: normal }
th[scope=row] { color: #444 } svg text { font-size: 9px } ul { margin: 1mm 0; padding-left: 5mm }
.verdict { border: 2px solid; padding: 2mm 4mm; font-weight: 600 } .refused { color: #8c1d18 } .accepted { color: #14532d }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 15mm; margin-top: 14mm } .sign div { border-top: 1px solid #111; padding-top: 1mm }
`;

/** One page, ready to print and sign: agreement, targets, calibration and verdict of a colocation. */
export function colocationReport(sheet: ColocationSheet): string {
  const { agreement: a, targets, pairs, unit, warning } = sheet;
  const first = pairs[0]?.at ?? 0;
  const last = pairs.at(-1)?.at ?? 0;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Colocation of ${escaped(sheet.sensor)}</title>
<style>${colocationStyle}</style></head><body>
<h1>Colocation report</h1>
<p>${escaped(sheet.sensor)} beside ${escaped(sheet.reference)}, ${pairs.length} pairs of ${sheet.spanMinutes} minutes, ${day(first)} to ${day(last)}</p>
${sheet.provenance === undefined ? "" : `<p>${escaped(sheet.provenance)}</p>\n`}<p class="verdict ${sheet.verdict.kind}">Calibration ${sheet.verdict.kind}</p>
${warning === null ? "" : `<p><strong>Warning:</strong> ${escaped(warning)}</p>`}
<div class="two"><div>${scatter(sheet)}</div><div><h2>Agreement</h2><table>${rows([
    ["Sensor over reference", `${n(a.slope)} · x ${a.intercept < 0 ? "−" : "+"} ${n(Math.abs(a.intercept))}`],
    ["R²", n(a.r2)],
    ["RMSE", `${n(a.rmse)} ${escaped(unit)} (${n(a.nrmse, 0)} % of the mean)`],
    ["Mean absolute error", `${n(a.mae)} ${escaped(unit)}`],
    ["Bias", `${n(a.bias)} ${escaped(unit)}`],
    ["Within a factor of two", `${n(100 * a.fac2, 0)} %`],
  ])}</table>
${targets.length === 0 ? "" : `<h2>EPA performance targets</h2><table><tr><th scope="col">figure</th><th scope="col">reached</th><th scope="col">target</th><th scope="col"></th></tr>${targets.map((t) => `<tr><th scope="row">${t.name}</th><td>${n(t.value)}</td><td>${t.target}</td><td>${t.met ? "met" : "missed"}</td></tr>`).join("")}</table>`}
</div></div>
${calibrationPart(sheet)}
<p>Intervals are those of Newey and West over 24 lags, because neighbouring values resemble each other. The calibration is fitted on the first half of the time and judged on the second.</p>
<div class="sign"><div>Place, date</div><div>Name, signature</div></div>
</body></html>
`;
}

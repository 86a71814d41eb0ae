import { type BandMetric, bandOf, type Metric, type Sentence, say, type Unit } from "@openkerb/contract";

/** What people call what is measured, as the beginning of a sentence. */
export function metricName(metric: Metric): Sentence {
  const band = bandOf(metric);
  return band === undefined ? say(`metric.${metric as Exclude<Metric, BandMetric>}`) : say("metric.band", { band });
}

/** A unit as it is written behind a number, with its space; nothing for a bare number. */
export const unitName: Readonly<Record<Unit, string>> = {
  "ug/m3": " µg/m³",
  "mg/m3": " mg/m³",
  "[ppb]": " ppb",
  "[ppm]": " ppm",
  Cel: " °C",
  "%": " %",
  hPa: " hPa",
  "m/s": " m/s",
  deg: "°",
  mm: " mm",
  "dB[SPL]": " dB",
  "1": "",
};

/** As many digits as an eye needs: whole from ten on, else one or two decimals. */
export const figure = (value: number): string =>
  Number(value.toFixed(Math.abs(value) >= 10 ? 0 : Math.abs(value) >= 1 ? 1 : 2)).toString();

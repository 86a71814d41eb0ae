import { forEachBand, type Metric, type Unit } from "@openkerb/contract";

/** What people call what is measured, as the beginning of a sentence. */
export const metricName: Readonly<Record<Metric, string>> = {
  pm1: "PM1",
  pm25: "PM2.5",
  pm4: "PM4",
  pm10: "PM10",
  no: "NO",
  no2: "NO2",
  nox: "NOx",
  o3: "Ozone",
  so2: "SO2",
  co: "CO",
  h2s: "H2S",
  hcho: "Formaldehyde",
  "voc-index": "The VOC index",
  "nox-index": "The NOx index",
  co2: "CO2",
  temperature: "Temperature",
  humidity: "Humidity",
  pressure: "Air pressure",
  "wind-speed": "Wind speed",
  "wind-direction": "Wind direction",
  rain: "Rain",
  laeq: "The noise level (LAeq)",
  lceq: "The noise level (LCeq)",
  lafmax: "The loudest noise (LAFmax)",
  la10: "The noise level (LA10)",
  la50: "The noise level (LA50)",
  la90: "The noise level (LA90)",
  ...forEachBand((band) => `The noise level around ${band} Hz`),
};

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

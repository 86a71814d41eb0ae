import { bandMetric, forEachBand, type Metric, type Unit } from "@openkerb/contract";

const pollutant = (notation: number): string => `http://dd.eionet.europa.eu/vocabulary/aq/pollutant/${notation}`;
const own = (metric: string): string => `urn:openkerb:metric:${metric}`;

/** What each metric is called, and where it is defined: the EEA's pollutant codes where there is one. */
export const definitions: Readonly<Record<Metric, { readonly name: string; readonly definition: string }>> = {
  pm1: { name: "PM1", definition: own("pm1") },
  pm25: { name: "PM2.5", definition: pollutant(6001) },
  pm4: { name: "PM4", definition: own("pm4") },
  pm10: { name: "PM10", definition: pollutant(5) },
  no: { name: "Nitrogen monoxide", definition: pollutant(38) },
  no2: { name: "Nitrogen dioxide", definition: pollutant(8) },
  nox: { name: "Nitrogen oxides", definition: pollutant(9) },
  o3: { name: "Ozone", definition: pollutant(7) },
  so2: { name: "Sulphur dioxide", definition: pollutant(1) },
  co: { name: "Carbon monoxide", definition: pollutant(10) },
  h2s: { name: "Hydrogen sulphide", definition: own("h2s") },
  hcho: { name: "Formaldehyde", definition: own("hcho") },
  "voc-index": { name: "VOC index", definition: own("voc-index") },
  "nox-index": { name: "NOx index", definition: own("nox-index") },
  co2: { name: "Carbon dioxide", definition: own("co2") },
  temperature: { name: "Air temperature", definition: own("temperature") },
  humidity: { name: "Relative humidity", definition: own("humidity") },
  pressure: { name: "Air pressure", definition: own("pressure") },
  "wind-speed": { name: "Wind speed", definition: own("wind-speed") },
  "wind-direction": { name: "Wind direction", definition: own("wind-direction") },
  rain: { name: "Rain", definition: own("rain") },
  laeq: { name: "LAeq", definition: own("laeq") },
  lceq: { name: "LCeq", definition: own("lceq") },
  lafmax: { name: "LAFmax", definition: own("lafmax") },
  la10: { name: "LA10", definition: own("la10") },
  la50: { name: "LA50", definition: own("la50") },
  la90: { name: "LA90", definition: own("la90") },
  ...forEachBand((band) => ({ name: `LZeq of the third-octave band ${band} Hz`, definition: own(bandMetric(band)) })),
};

/** A unit as SensorThings wants it, from its UCUM code. */
export const unitOf = (unit: Unit): { name: string; symbol: string; definition: string } => ({
  name: unit.replace(/[[\]]/g, ""),
  symbol: unit.replace(/[[\]]/g, "").replace("ug/m3", "µg/m³").replace("mg/m3", "mg/m³").replace("Cel", "°C"),
  definition: "https://ucum.org/ucum",
});

/** Nominal middles in Hz of the third-octave bands from 25 Hz to 10 kHz (IEC 61260-1): the range ISO 1996-2 asks for. */
export const thirdOctaves = [
  ...(["25", "31.5", "40", "50", "63", "80", "100", "125", "160", "200", "250", "315", "400", "500", "630"] as const),
  ...(["800", "1000", "1250", "1600", "2000", "2500", "3150", "4000", "5000", "6300", "8000", "10000"] as const),
] as const;
export type ThirdOctave = (typeof thirdOctaves)[number];

/** The metric of a band's level: `lzeq-1000` is the equivalent level of the band around 1 kHz, unweighted, in dB. */
export type BandMetric = `lzeq-${ThirdOctave}`;
export const bandMetric = (band: ThirdOctave): BandMetric => `lzeq-${band}`;
export const bandMetrics: readonly BandMetric[] = thirdOctaves.map(bandMetric);

const bands: ReadonlyMap<string, ThirdOctave> = new Map(thirdOctaves.map((band) => [bandMetric(band), band]));
/** The band a metric is the level of; undefined for every other metric. */
export const bandOf = (metric: string): ThirdOctave | undefined => bands.get(metric);

/** What tables by metric say of each band. */
export const forEachBand = <T>(say: (band: ThirdOctave) => T): Readonly<Record<BandMetric, T>> =>
  Object.fromEntries(thirdOctaves.map((band) => [bandMetric(band), say(band)])) as Record<BandMetric, T>;

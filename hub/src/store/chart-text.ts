import { AirSeries } from "@openkerb/contract";
import type { ChartQuery, ReadingQueries } from "./reading-queries.ts";

/** A chart as the API sends it, UTF-8 JSON of the contract's AirSeries, and how many lines it has. */
export type ChartText = { readonly lines: number; readonly body: Uint8Array };

/** Made where the chart is made: thousands of bins would keep the hub's main thread from what boxes send. */
export const chartText =
  (chart: ReadingQueries["chart"]) =>
  (query: ChartQuery): ChartText => {
    const series = AirSeries.parse({ lines: chart(query) });
    return { lines: series.lines.length, body: new TextEncoder().encode(JSON.stringify(series)) };
  };

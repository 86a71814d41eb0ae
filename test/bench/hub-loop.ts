import { hours, type Instant } from "@openkerb/contract";
import { checkHubConfig, startHub } from "@openkerb/hub";

/**
 * The whole hub as it is delivered: strict parse, redaction, keys, rollups, alerts, page and live stream. With `still` its
 * clock stands at that moment, and forecasts are not learnt meanwhile.
 */
export async function hubLoop(
  folder: string,
  still?: number,
): Promise<{ port: number; pageUrl: string; stored(): Promise<number> }> {
  const settings = await checkHubConfig(
    { version: 1, city: "bench", data: "data", page: { port: 0 }, broker: { kind: "embedded", port: 0 } },
    folder,
  );
  const { brokerPort = 0, pageUrl } = await startHub(settings, {
    ...(still !== undefined && { overrides: { now: () => still as Instant, watchEvery: hours(24) } }),
  });
  return {
    port: brokerPort,
    pageUrl,
    async stored() {
      const text = await (await fetch(new URL("/metrics", pageUrl))).text();
      return Number(/^openkerb_hub_items_stored_total (\d+)/m.exec(text)?.[1] ?? 0);
    },
  };
}

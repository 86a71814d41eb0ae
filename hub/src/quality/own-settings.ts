import type { HubConfig, Metric } from "@openkerb/contract";
import type { Flags, Series } from "../air/qartod/series.ts";
import { qualityTestName, qualityTests } from "../air/qartod/tests.ts";
import { type MetricTests, metricTests } from "./settings.ts";

type Own = HubConfig["air"]["quality"];

/** These compare with others, which the hub finds by itself. */
const compared = new Set(["neighbour_test", "channel_pair_test", "drift_test"]);

/** What is wrong with tests that a city set itself, and where in the config. */
export function settingProblems(own: Own): { readonly path: string; readonly message: string }[] {
  return Object.entries(own).flatMap(([metric, tests]) =>
    Object.entries(tests ?? {}).flatMap(([given, args]) => {
      const path = `air.quality.${metric}.${given}`;
      const name = qualityTestName(given);
      if (name === undefined || name !== given || compared.has(name))
        return [{ path, message: `there is no such test to set; there are ${settable.join(", ")}` }];
      if (args === null) return [];
      const parsed = qualityTests[name].safeParse(args);
      if (parsed.success) return mistakeIn(parsed.data, path);
      return parsed.error.issues.map((i) => ({ path: [path, ...i.path].join("."), message: i.message }));
    }),
  );
}

/** Some mistakes only show when the test is run, such as limits that lie the wrong way round. */
function mistakeIn(test: (series: Series) => Flags, path: string): { path: string; message: string }[] {
  try {
    test({ times: [], values: [] });
    return [];
  } catch (error) {
    if (error instanceof RangeError) return [{ path, message: error.message }];
    throw error;
  }
}
const settable = Object.keys(qualityTests).filter((name) => !compared.has(name));

/** The tests of every metric: the usual ones, with those that the city set in their place and without those it left out. */
export function testsWith(own: Own): Readonly<Record<Metric, MetricTests>> {
  const all = { ...metricTests };
  for (const [metric, tests] of Object.entries(own) as [Metric, Own[Metric]][]) {
    const readings = Object.entries({ ...all[metric].readings, ...tests }).filter(([, args]) => args !== null);
    all[metric] = { ...all[metric], readings: Object.fromEntries(readings) };
  }
  return all;
}

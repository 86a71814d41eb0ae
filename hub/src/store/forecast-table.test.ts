import { expect, it } from "vitest";
import { forecastReader, forecastWriter } from "./forecast-table.ts";
import { openStore } from "./sqlite-store.ts";

it("forgets what was said long before the newest forecast of a channel, and nothing else", async () => {
  await using store = openStore({ memory: true });
  const writer = forecastWriter(store.database);
  const said = (channel: number, known: number) => ({
    ...{ channel, known, horizon: 1, made: known, value: 1, low: 0, high: 2, persisted: 1, damped: 1 },
    warned: undefined,
  });
  for (const channel of [1, 2]) writer.learnt({ channel, learnt: 0, why: undefined }, []);
  writer.say([said(1, 0), said(1, 99), said(1, 100), said(1, 200), said(2, 0)]);
  writer.forgetSaid(100);
  const reader = forecastReader(store.database);
  expect(reader.said(1, 0, 1000).map(({ known }) => known)).toEqual([100, 200]);
  expect(reader.said(2, 0, 1000).map(({ known }) => known)).toEqual([0]);
});

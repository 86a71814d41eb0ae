import { parentPort, workerData } from "node:worker_threads";
import { openReading } from "../../store/database.ts";
import { queries } from "../../store/queries.ts";
import { decisionReader } from "./decisions.ts";
import { type LawQuestion, lawAnswers } from "./law-answers.ts";
import type { LawStore, Setting } from "./law-store.ts";

const database = openReading((workerData as { folder: string }).folder);
const here = queries(database);
const decisions = decisionReader(database, here);
const store: LawStore = {
  decisions: async (...query) => decisions(...query),
  channels: async () => here.channels(),
  channelStates: async () => here.channelStates(),
  rollups: async (...query) => here.rollups(...query),
  chart: async (query) => here.chart(query),
  counts: async (query) => here.counts(query),
};
type Message = "end" | { id: number; question: LawQuestion; asked: never; setting: Setting };

parentPort?.on("message", async (message: Message) => {
  if (message === "end") {
    database.close();
    parentPort?.close();
    return;
  }
  const { id, question, asked, setting } = message;
  try {
    const { shape, work } = lawAnswers[question];
    const body = new TextEncoder().encode(JSON.stringify(shape.parse(await work(store, asked, setting))));
    parentPort?.postMessage({ id, body }, [body.buffer]);
  } catch (error) {
    const { name, message: text } = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage({ id, failure: { name, message: text } });
  }
});

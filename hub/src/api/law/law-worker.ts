import { workerData } from "node:worker_threads";
import { answerAskers } from "../../asked-thread.ts";
import { openReading } from "../../store/database.ts";
import { minuteLevels } from "../../store/minute-levels.ts";
import { queries } from "../../store/queries.ts";
import { decisionReader } from "./decisions.ts";
import { lawAnswers } from "./law-answers.ts";
import type { LawStore } from "./law-store.ts";
import type { Question } from "./law-thread.ts";

const database = openReading((workerData as { folder: string }).folder);
const here = queries(database);
const decisions = decisionReader(database, here);
const levels = minuteLevels(database);
const store: LawStore = {
  decisions: async (...query) => decisions(...query),
  levels: async (...asked) => levels(...asked),
  channels: async () => here.channels(),
  channelStates: async () => here.channelStates(),
  rollups: async (...query) => here.rollups(...query),
  chart: async (query) => here.chart(query),
  counts: async (query) => here.counts(query),
};
answerAskers(
  async ({ name, asked, setting }: Question) => {
    const { shape, work } = lawAnswers[name];
    return new TextEncoder().encode(JSON.stringify(shape.parse(await work(store, asked as never, setting))));
  },
  () => database.close(),
);

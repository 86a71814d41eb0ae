import { workerData } from "node:worker_threads";
import { answerAskers } from "../asked-thread.ts";
import { openReading } from "./database.ts";
import { queries } from "./queries.ts";
import type { Question } from "./reader.ts";

const database = openReading((workerData as { folder: string }).folder);
const answers = queries(database) as Record<string, (...args: readonly unknown[]) => unknown>;
answerAskers(
  ({ name, args }: Question) => answers[name]?.(...args),
  () => database.close(),
);

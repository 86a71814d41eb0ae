import { parentPort, workerData } from "node:worker_threads";
import { openReading } from "./database.ts";
import { queries } from "./queries.ts";

const database = openReading((workerData as { folder: string }).folder);
const answers = queries(database) as Record<string, (...args: unknown[]) => unknown>;

parentPort?.on("message", (message: "end" | { id: number; question: string; args: unknown[] }) => {
  if (message === "end") {
    database.close();
    parentPort?.close();
    return;
  }
  const { id, question, args } = message;
  try {
    parentPort?.postMessage({ id, value: answers[question]?.(...args) });
  } catch (error) {
    const { name, message: text } = error instanceof Error ? error : new Error(String(error));
    parentPort?.postMessage({ id, failure: { name, message: text } });
  }
});

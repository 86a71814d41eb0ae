import { constants, platform, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { openReading } from "../store/database.ts";
import { forecastReader } from "../store/forecast-table.ts";
import { readingQueries } from "../store/reading-queries.ts";
import { hourReader } from "../store/score-hours.ts";
import { scoreReader } from "../store/score-table.ts";
import { words } from "../store/words.ts";
import { learnChannel } from "./learn-channel.ts";
import { sayChannel } from "./say-channel.ts";
import { channelScorer } from "./score-channel.ts";
import type { Task, TaskAnswer } from "./task.ts";

const { folder, offset } = workerData as { folder: string; offset: number };
// On Linux a priority belongs to a thread, elsewhere to the whole process, which must not be slowed down.
if (platform() === "linux") setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);

const database = openReading(folder);
const { channels } = readingQueries(database, words(database));
const hours = hourReader(database);
const forecasts = forecastReader(database);
const score = channelScorer(hours, scoreReader(database));
const answer = (message: TaskAnswer): void => parentPort?.postMessage(message);

function run(task: Task): void {
  switch (task.kind) {
    case "score":
      score(task.channel, task.end, (scores) => answer({ kind: "scored", channel: task.channel.id, scores }));
      return;
    case "say":
      answer({ kind: "said", said: sayChannel(hours, forecasts, channels(), task, offset) });
      return;
    case "learn":
      answer({ kind: "learnt", ...learnChannel(hours, channels(), task, offset) });
      return;
    default:
      task satisfies never;
  }
}

parentPort?.on("message", (task: Task | "end") => {
  if (task === "end") {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    run(task);
    answer({ kind: "done" });
  } catch (error) {
    answer({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
  }
});

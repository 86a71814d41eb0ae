import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { parseArgs } from "node:util";
import { type Instant, Trouble } from "@openkerb/contract";
import { homeFolder } from "@openkerb/machine";
import { pino } from "pino";
import { hashPassword } from "../broker/credential.ts";
import { checkHubConfig, type HubSettings, hubSchema, readHubConfig } from "../config.ts";
import { startHub } from "../hub.ts";
import { confirmClock } from "../store/retention-broom.ts";

export const summary = "collects what the boxes send, raises alerts and serves the page";

export const help = `
openkerb hub [--config FILE] [--data FOLDER] [--port N] [--broker-port N]

Starts the hub: an MQTT endpoint for boxes, a database, alerts, the page and its API. Without a config it listens on
this machine only: the page on http://localhost:8080, boxes on port 1883, the city is called "demo" and the data lies
in .openkerb/hub (or $OPENKERB_HOME/hub). Stop with ctrl-c.

  --config FILE      the hub's file, YAML or JSON; "openkerb hub schema" prints its JSON Schema for editors
  --data FOLDER      where the database is, instead of what the config says
  --port N           where the page is, instead of what the config says
  --broker-port N    where boxes connect, instead of what the config says

openkerb hub credential
  Reads a password from the terminal (twice) or from standard input (first line) and prints its hash for the config.

openkerb hub trust-clock [--config FILE] [--data FOLDER]
  Tells the hub that this machine's clock is right, after it leapt ahead and the hub stopped deleting old data.

openkerb hub schema
  Prints the JSON Schema of the hub's file.
`;

export async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: "string" },
      data: { type: "string" },
      port: { type: "string" },
      "broker-port": { type: "string" },
    },
  });
  const [task, ...more] = positionals;
  if (more.length > 0) throw new Trouble(`"${more.join(" ")}" means nothing to hub`, "see: openkerb hub --help");
  switch (task) {
    case undefined:
      return serve(withOptions(await settingsOf(values.config), values), signal);
    case "credential":
      return credential(signal);
    case "trust-clock":
      return trustClock(withOptions(await settingsOf(values.config), values));
    case "schema":
      console.log(JSON.stringify(hubSchema(), undefined, 2));
      return;
    default:
      throw new Trouble(`"${task}" means nothing to hub`, "see: openkerb hub --help");
  }
}

async function serve(settings: HubSettings, signal: AbortSignal): Promise<void> {
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
  await using hub = await startHub(settings, { signal, log });
  await hub.ended;
}

function trustClock({ config }: HubSettings): void {
  const now = Date.now() as Instant;
  try {
    confirmClock(config.data, now);
  } catch (err) {
    throw new Trouble(
      `the data folder ${config.data} cannot be written`,
      "name the hub's own with --config or --data",
      {
        cause: err,
      },
    );
  }
  console.log(`Noted: ${new Date(now).toISOString()} is right. The hub deletes old data again within a minute.`);
}

const settingsOf = (file: string | undefined): Promise<HubSettings> =>
  file === undefined ? checkHubConfig({ version: 1, city: "demo", data: "hub" }, homeFolder()) : readHubConfig(file);

/** What was said on the command line goes before what the file says. */
function withOptions(
  settings: HubSettings,
  { data, port, "broker-port": brokerPort }: { data?: string; port?: string; "broker-port"?: string },
): HubSettings {
  const { config } = settings;
  const { page, broker } = config;
  return {
    ...settings,
    config: {
      ...config,
      ...(data !== undefined && { data: resolve(data) }),
      ...(port !== undefined && { page: { ...page, port: portOf(port, "--port") } }),
      ...(brokerPort !== undefined &&
        broker.kind === "embedded" && { broker: { ...broker, port: portOf(brokerPort, "--broker-port") } }),
    },
  };
}

function portOf(text: string, option: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new Trouble(`${option} ${text} is not a port`, "use a number from 1 to 65535, or 0 for any free one");
}

async function credential(signal: AbortSignal): Promise<void> {
  const password = process.stdin.isTTY ? await askTwice(signal) : await firstLine();
  if (password.length < 8) throw new Trouble("the password is shorter than 8 characters", "choose a longer one");
  console.log(await hashPassword(password));
}

async function askTwice(signal: AbortSignal): Promise<string> {
  // The terminal must not show what is typed.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    const ask = async (question: string): Promise<string> => {
      process.stderr.write(question);
      const answer = await lines.question("", { signal });
      process.stderr.write("\n");
      return answer;
    };
    const once = await ask("Password: ");
    if (once !== (await ask("Again: "))) throw new Trouble("the two passwords differ", "try again");
    return once;
  } finally {
    lines.close();
  }
}

async function firstLine(): Promise<string> {
  let text = "";
  for await (const piece of process.stdin) {
    text += String(piece);
    if (text.includes("\n") || text.length > 10_000) break;
  }
  return text.split(/\r?\n/)[0] ?? "";
}

import { createServer } from "node:net";
import { join } from "node:path";
import { Aedes, type PublishPacket } from "aedes";
import Sqlite from "better-sqlite3";

/**
 * The least that could be done: the same broker library, JSON.parse, and inserts in transactions of what has come,
 * FULL. No strict parse, no redaction, no keys, no rollups, no acks of its own. It is what the hub is measured by.
 */
export async function bareLoop(folder: string): Promise<{ port: number; pageUrl: string; stored(): Promise<number> }> {
  const database = new Sqlite(join(folder, "bare.sqlite"));
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE events (id INTEGER PRIMARY KEY, topic TEXT, at INTEGER, body TEXT)");
  const insert = database.prepare("INSERT INTO events (topic, at, body) VALUES (?, ?, ?)");
  let stored = 0;
  let waiting: { topic: string; at: number; body: string }[] = [];
  const flush = database.transaction((rows: typeof waiting) => {
    for (const row of rows) insert.run(row.topic, row.at, row.body);
  });
  const commit = (): void => {
    const rows = waiting;
    waiting = [];
    flush(rows);
    stored += rows.length;
  };
  const aedes = await Aedes.createBroker();
  const inside = aedes.publish.bind(aedes) as (...all: unknown[]) => void;
  aedes.publish = (packet: PublishPacket, ...rest: unknown[]) => {
    if (packet.topic.startsWith("$SYS/")) {
      inside(packet, ...rest);
      return;
    }
    const text = packet.payload.toString();
    const { items } = JSON.parse(text) as { items?: { event: { at: number } }[] };
    for (const item of items ?? [])
      waiting.push({
        topic: packet.topic,
        at: item.event.at,
        body: items?.length === 1 ? text : JSON.stringify(item),
      });
    if (waiting.length >= 2000) commit();
    else if (waiting.length === (items?.length ?? 0) && waiting.length > 0) setImmediate(() => setImmediate(commit));
    (rest.at(-1) as () => void)();
  };
  const server = createServer((socket) => void aedes.handle(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, pageUrl: "", stored: async () => stored };
}

import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { type CityId, type DeviceId, type StreamMessage, shardOf, upTopic } from "@openkerb/contract";
import { connectAsync } from "mqtt";
import { openSide } from "./side.ts";

export type Delay = { readonly median: number; readonly p99: number; readonly worst: number; readonly events: number };

/**
 * Milliseconds from an event's being sent by MQTT to its being read from the live stream, at a steady rate. Sender
 * and reader are this process, so that one clock measures both ends.
 */
export async function measureStream(rate: number, seconds: number): Promise<Delay> {
  await using side = await openSide("hub");
  const sent = new Map<number, number>();
  const delays: number[] = [];
  const stop = new AbortController();
  const reading = read(new URL("/api/v1/stream", side.pageUrl), stop.signal, ({ type, ...rest }) => {
    if (type !== "event") return;
    const { event } = (rest as Extract<StreamMessage, { type: "event" }>).stored;
    if (event.kind !== "zone-left") return;
    const at = sent.get(event.dwell);
    if (at !== undefined) delays.push(performance.now() - at);
  });
  const device = "bench-1" as DeviceId;
  const address = {
    city: "bench" as CityId,
    device,
    shard: shardOf(createHash("sha256").update(device).digest()),
  };
  const client = await connectAsync(`mqtt://127.0.0.1:${side.port}`, { clientId: device, protocolVersion: 4 });
  const epoch = "00000000000000aa";
  const provenance = { source: "model:centernet6@0123456789ab", config: "0123456789ab" };
  const birth = { v: 1, device, site: "street", session: 1, epoch, next: 1, software: "bench", config: "0123456789ab" };
  await client.publishAsync(upTopic(address, "birth"), JSON.stringify({ ...birth, cameras: [], sensors: [] }), {
    qos: 1,
  });
  await wait(500);
  const total = rate * seconds;
  const began = performance.now();
  for (let n = 1; n <= total; n++) {
    const due = began + (n * 1000) / rate;
    if (performance.now() < due - 1) await wait(due - performance.now());
    const event = { kind: "zone-left", at: Date.now(), clock: "synced", quality: 1, provenance, camera: "north" };
    // The dwell carries the event's number, so that it is known again at the other end.
    const item = { sequence: n, event: { ...event, zone: "stop", class: "bus", dwell: n } };
    sent.set(n, performance.now());
    client.publish(upTopic(address, "events"), JSON.stringify({ v: 1, epoch, sent: Date.now(), items: [item] }), {
      qos: 1,
    });
  }
  const patience = performance.now() + 10_000;
  while (delays.length < total && performance.now() < patience) await wait(10);
  stop.abort();
  await reading;
  await client.endAsync(true);
  delays.sort((a, b) => a - b);
  const at = (share: number): number =>
    delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), worst: at(1), events: delays.length };
}

async function read(url: URL, signal: AbortSignal, hear: (message: StreamMessage) => void): Promise<void> {
  try {
    const answer = await fetch(url, { signal });
    let text = "";
    for await (const piece of (answer.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream())) {
      text += piece;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) hear(JSON.parse(line.slice(6)) as StreamMessage);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

import type { Hub } from "@openkerb/hub";
import { describe, expect, it } from "vitest";
import { ask, boxAt, follow, hubIn, madeFolder, until } from "./hub-bed.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
describe("live updates", () => {
  it("miss nothing and say nothing twice while the hub is restarted three times and events flow", async () => {
    await using folder = await madeFolder();
    let hub: Hub = await hubIn(folder.path);
    let sent = 0;
    const screenUrl = () => hub.pageUrl;
    await using screen = follow(screenUrl);
    await until(() => expect(screen.ready).toBe(true));
    try {
      for (let life = 0; life < 4; life++) {
        if (life > 0) hub = await hubIn(folder.path);
        await using box = await boxAt(hub.brokerPort ?? 0);
        await box.birth(sent + 1);
        for (let i = 0; i < 20; i++) await box.tell(...Array.from({ length: 10 }, () => box.crossed));
        sent = box.sent;
        await until(() => expect(box.acked).toBe(sent));
        // In the middle of it all: the screen has surely not heard the last of it when the hub goes.
        await hub[Symbol.asyncDispose]();
      }
      hub = await hubIn(folder.path);
      await until(() => expect(screen.events()).toHaveLength(sent));
    } finally {
      await hub[Symbol.asyncDispose]();
    }
    expect(screen.events()).toEqual(upTo(sent));
    expect(screen.opened).toBeGreaterThan(3);
    expect(screen.heard.some(({ message }) => message.type === "reset")).toBe(false);
  });

  it("say reset to a reader that comes with the id of another hub", async () => {
    await using folder = await madeFolder();
    await using hub = await hubIn(folder.path);
    const stop = new AbortController();
    const answer = await fetch(`${hub.pageUrl}/api/v1/stream`, {
      signal: stop.signal,
      headers: { "last-event-id": "00000000-1-1-1" },
    });
    let text = "";
    for await (const piece of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes("event: reset")) break;
    }
    stop.abort();
    expect(text).toContain('data: {"type":"reset"}');
  });

  it("end with the hub, which ends within five seconds although screens and boxes are connected", async () => {
    await using folder = await madeFolder();
    const hub = await hubIn(folder.path);
    await using box = await boxAt(hub.brokerPort ?? 0);
    await using screen = follow(() => hub.pageUrl);
    await until(() => expect(screen.ready).toBe(true));
    await box.birth();
    const began = performance.now();
    await hub[Symbol.asyncDispose]();
    expect(performance.now() - began).toBeLessThan(5000);
    await expect(ask(hub.pageUrl, "/livez")).rejects.toThrow("ECONNREFUSED");
  });
});

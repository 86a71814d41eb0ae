import { execFileSync, fork } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CityEvent, type Epoch, type Instant, Trouble } from "@openkerb/contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fact, type Outbox, type OutboxOptions, silentOutboxJournal } from "./outbox.ts";
import { openSqliteOutbox } from "./sqlite-outbox.ts";
import { crossing, tell } from "./synthetic.ts";

const everything = { items: 1_000_000, bytes: Number.POSITIVE_INFINITY };
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const crossings = (count: number): Fact[] => range(1, count).map((n) => ({ event: crossing(n) }));
const numbers = (outbox: Outbox): number[] => outbox.waiting(0, everything).map(({ sequence }) => sequence);
const losses = (outbox: Outbox): CityEvent[] =>
  outbox
    .waiting(0, everything)
    .map(({ body }) => CityEvent.parse(JSON.parse(body)))
    .filter(({ kind }) => kind === "lost-range");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const open = (options: Partial<OutboxOptions> = {}): Promise<Outbox> => openSqliteOutbox(folder, { tell, ...options });

it("goes on where it stopped: epoch, numbers, items and sessions", async () => {
  let epoch: Epoch;
  let session: number;
  {
    await using outbox = await open();
    epoch = outbox.epoch;
    session = outbox.beginSession();
    await outbox.append(crossings(5));
    outbox.acked(epoch, 2);
  }
  {
    await using outbox = await open();
    expect(outbox.epoch).toBe(epoch);
    expect(numbers(outbox)).toEqual([3, 4, 5]);
    outbox.acked(epoch, 5);
  }
  await using outbox = await open();
  expect(outbox.standing()).toMatchObject({ depth: 0, next: 6, acked: 5 });
  expect(outbox.beginSession()).toBeGreaterThan(session);
});

describe("an outbox that was set back, by a copied card or one that lost what it had promised to keep", () => {
  const image = (from: string, to: string): void => {
    mkdirSync(to, { recursive: true });
    for (const name of ["outbox.sqlite", "outbox.json"]) copyFileSync(join(from, name), join(to, name));
  };

  /** Appends five, keeps an image of the card, appends more that the hub gets as well, and puts the image back. */
  async function setBack(): Promise<{ epoch: Epoch; known: number }> {
    const copy = join(folder, "copy");
    let epoch: Epoch;
    {
      await using outbox = await open();
      epoch = outbox.epoch;
      await outbox.append(crossings(5));
      numbers(outbox);
    }
    image(folder, copy);
    {
      await using outbox = await open();
      await outbox.append(crossings(100));
      numbers(outbox);
    }
    for (const end of ["-wal", "-shm"]) await rm(join(folder, `outbox.sqlite${end}`), { force: true });
    image(copy, folder);
    return { epoch, known: 105 };
  }

  it("gives what it appends now numbers that the hub does not know, and loses none of it", async () => {
    const { epoch, known } = await setBack();
    const told: number[] = [];
    await using outbox = await open({
      journal: { ...silentOutboxJournal, outboxSetBack: (count) => told.push(count) },
    });
    await outbox.append(crossings(7));
    expect(outbox.acked(epoch, known)).toBe("forgotten");
    expect(numbers(outbox)).toEqual(range(106, 112));
    await outbox.append(crossings(1));
    expect(numbers(outbox)).toEqual(range(106, 113));
    expect(told).toEqual([7]);
    expect(outbox.acked(epoch, 113)).toBe("forgotten");
    expect(outbox.standing()).toMatchObject({ depth: 0, next: 114, lost: 0 });
  });

  it("notices it also when it has appended more by then than the hub knows", async () => {
    const { epoch, known } = await setBack();
    await using outbox = await open();
    await outbox.append(crossings(200));
    expect(outbox.acked(epoch, known)).toBe("forgotten");
    expect(numbers(outbox)).toEqual(range(106, 305));
  });

  it("notices it also when it is started again and again before it reaches the hub", async () => {
    const { epoch, known } = await setBack();
    for (let start = 0; start < 4; start++) {
      await using outbox = await open();
      await outbox.append(crossings(50));
    }
    await using outbox = await open();
    expect(outbox.acked(epoch, known)).toBe("forgotten");
    expect(numbers(outbox)).toEqual(range(106, 305));
    expect(outbox.standing()).toMatchObject({ depth: 200, next: 306, acked: 105, lost: 0 });
  });

  it("does not number anew what the hub has heard of from this very outbox", async () => {
    let epoch: Epoch;
    {
      await using outbox = await open();
      epoch = outbox.epoch;
      await outbox.append(crossings(20));
      numbers(outbox);
    }
    // Killed before the acks came, and started twice without a connection.
    for (let start = 0; start < 2; start++) {
      await using outbox = await open();
      await outbox.append(crossings(5));
    }
    await using outbox = await open();
    expect(outbox.acked(epoch, 12)).toBe("forgotten");
    expect(numbers(outbox)).toEqual(range(13, 30));
  });

  it("remembers it over a restart, and believes no hub that is off by millions", async () => {
    const { epoch, known } = await setBack();
    {
      await using outbox = await open();
      await outbox.append(crossings(3));
      expect(outbox.acked(epoch, Number.MAX_SAFE_INTEGER)).toBe("never-appended");
      outbox.acked(epoch, known);
    }
    await using outbox = await open();
    expect(numbers(outbox)).toEqual(range(106, 108));
    expect(outbox.standing()).toMatchObject({ next: 109, acked: 105 });
  });
});

describe("what is too old, when the clock leaps", () => {
  const day = 86_400_000;
  const fiveDays = 5 * day;

  it("is not what was kept a minute before the network set the clock right, weeks ahead", async () => {
    let wall = 1_700_000_000_000;
    let steady = 0;
    let trusted = false;
    const pass = (time: number): void => {
      wall += time;
      steady += time;
    };
    const clock = { now: () => wall as Instant, trusted: () => trusted, steady: () => steady };
    await using outbox = await open({ age: fiveDays, clock });
    await outbox.append(crossings(3));
    pass(60_000);
    wall += 40 * day;
    trusted = true;
    await outbox.append(crossings(2));
    pass(60_000);
    await outbox.append(crossings(1));
    expect(numbers(outbox)).toEqual(range(1, 6));
    // Days go by without the hub: in the end they are too old by any clock, each in its turn.
    pass(fiveDays - 90_000);
    await outbox.append(crossings(1));
    expect(numbers(outbox)[0]).toBe(4);
    pass(fiveDays);
    await outbox.append(crossings(1));
    expect(losses(outbox).length).toBeGreaterThan(0);
    expect(numbers(outbox)[0]).toBeGreaterThan(6);
  });
});

it("writes what is still in memory when it is closed", async () => {
  const outbox = await open();
  const kept = outbox.append(crossings(2000));
  await outbox[Symbol.asyncDispose]();
  await kept;
  await expect(outbox.append(crossings(1))).rejects.toThrow("closed");
  await using again = await open();
  expect(numbers(again)).toEqual(range(1, 2000));
});

it("is only for one agent at a time", async () => {
  await using _outbox = await open();
  await expect(open()).rejects.toMatchObject({ name: "Trouble", next: expect.stringContaining("--data") });
});

it("says which folder it cannot use", async () => {
  writeFileSync(join(folder, "file"), "");
  const within = openSqliteOutbox(join(folder, "file", "data"), { tell });
  await expect(within).rejects.toThrow(Trouble);
  await expect(within).rejects.toThrow(join(folder, "file", "data"));
});

describe("when its file is damaged", () => {
  const filled = async (): Promise<{ epoch: Epoch; session: number }> => {
    await using outbox = await open();
    const session = outbox.beginSession();
    await outbox.append(crossings(500));
    outbox.acked(outbox.epoch, 100);
    await outbox.append(crossings(500));
    return { epoch: outbox.epoch, session };
  };
  const path = (): string => join(folder, "outbox.sqlite");
  const scribble = (at: number, length: number): void => {
    const file = openSync(path(), "r+");
    writeSync(file, Buffer.alloc(length, 0xa5), 0, length, at);
    closeSync(file);
  };

  it.each([
    ["it is not a database any more", () => writeFileSync(path(), "the cat sat on the disk".repeat(1000))],
    ["its first page is gone", () => scribble(0, 4096)],
    ["pages in the middle are gone", () => scribble(3 * 4096, 10 * 4096)],
    ["half of it is missing", () => truncateSync(path(), Math.floor(statSync(path()).size / 8192) * 4096)],
    ["it is empty", () => truncateSync(path(), 0)],
    ["it was deleted", () => execFileSync("rm", [path()])],
  ])("starts a new epoch and reports the old one as lost from what was not acked: %s", async (_what, damage) => {
    const old = await filled();
    damage();
    await using outbox = await open();
    expect(outbox.epoch).not.toBe(old.epoch);
    expect(outbox.beginSession()).toBeGreaterThan(old.session);
    await outbox.append(crossings(3));
    const [lost, ...others] = losses(outbox);
    expect(others).toEqual([]);
    expect(lost).toMatchObject({ epoch: old.epoch, from: 101, why: "damaged" });
    expect(lost).not.toHaveProperty("to");
    expect(numbers(outbox)).toEqual([1, 2, 3, 4]);
    expect(outbox.standing().damaged).toBe(true);
    outbox.acked(outbox.epoch, 1);
    expect(outbox.standing().damaged).toBe(false);
  });

  it("remembers the first loss when it is damaged again before anybody heard of it", async () => {
    const first = await filled();
    writeFileSync(path(), "scratched");
    let second: Epoch;
    {
      await using outbox = await open();
      second = outbox.epoch;
      await outbox.append(crossings(1));
    }
    writeFileSync(path(), "scratched again");
    {
      await using outbox = await open();
      await outbox.append(crossings(1));
      expect(losses(outbox)).toMatchObject([
        { epoch: first.epoch, from: 101, why: "damaged" },
        { epoch: second, from: 1, why: "damaged" },
      ]);
      outbox.acked(outbox.epoch, 2);
    }
    // What the hub has heard is not told again.
    await using outbox = await open();
    await outbox.append(crossings(1));
    expect(losses(outbox)).toEqual([]);
  });

  it("goes on with a new file when the damage shows while it is working", async () => {
    const outbox = await open();
    const old = outbox.epoch;
    for (let i = 0; i < 40; i++) await outbox.append(crossings(500));
    // Behind its back, as a dying card does it; the log is written back over it sooner or later.
    scribble(4096, statSync(path()).size - 4096);
    const stop = AbortSignal.timeout(20_000);
    while (outbox.epoch === old && !stop.aborted) {
      outbox.acked(old, Math.min(outbox.standing().acked + 500, outbox.standing().next - 1));
      await outbox.append(crossings(500));
    }
    expect(outbox.epoch).not.toBe(old);
    expect(losses(outbox)).toMatchObject([{ epoch: old, why: "damaged" }]);
    await outbox[Symbol.asyncDispose]();
  });
});

/** A file system of its own with `size` bytes, when this machine lets us have one. */
async function smallDisk(size: string): Promise<AsyncDisposable | undefined> {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return { [Symbol.asyncDispose]: async () => void execFileSync("umount", ["-l", folder]) };
}
const mayMount = await (async () => {
  folder = await mkdtemp(join(tmpdir(), "outbox-"));
  const disk = await smallDisk("1m");
  await disk?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  return disk !== undefined;
})();

describe.skipIf(!mayMount)("on a disk that is really full (needs the right to mount)", () => {
  const fill = (): void => {
    const filler = openSync(join(folder, "filler"), "a");
    try {
      for (;;) writeSync(filler, Buffer.alloc(4096));
    } catch {
      closeSync(filler);
    }
  };
  const explained = (outbox: Outbox): number[] => {
    const all = new Set(range(1, outbox.standing().next - 1));
    for (const n of numbers(outbox)) all.delete(n);
    for (const lost of losses(outbox)) {
      if (lost.kind === "lost-range") for (const n of range(lost.from, lost.to ?? 0)) all.delete(n);
    }
    return [...all];
  };

  it("gives up the oldest, keeps the newest and reports the rest, with a quota larger than the disk", async () => {
    await using _disk = await smallDisk("6m");
    {
      await using outbox = await open({ quota: 64 * 1024 * 1024 });
      for (let i = 0; i < 120; i++) await outbox.append(crossings(250));
      expect(outbox.standing()).toMatchObject({ full: true });
      expect(outbox.standing().lost).toBeGreaterThan(1000);
      expect(outbox.standing().depth).toBeGreaterThan(1000);
      expect(numbers(outbox).at(-1)).toBe(outbox.standing().next - 1);
      expect(explained(outbox)).toEqual([]);
    }
    await using outbox = await open({ quota: 64 * 1024 * 1024 });
    expect(explained(outbox)).toEqual([]);
  });

  it("goes on when somebody else fills the disk, forgets what is acked and works on", async () => {
    await using _disk = await smallDisk("12m");
    await using outbox = await open({ quota: 64 * 1024 * 1024 });
    for (let i = 0; i < 10; i++) await outbox.append(crossings(250));
    fill();
    for (let i = 0; i < 40; i++) await outbox.append(crossings(250));
    expect(explained(outbox)).toEqual([]);
    expect(numbers(outbox).at(-1)).toBe(outbox.standing().next - 1);
    outbox.acked(outbox.epoch, outbox.standing().next - 1);
    await outbox.append(crossings(250));
    expect(outbox.standing()).toMatchObject({ full: false });
    expect(numbers(outbox).length).toBe(250);
  });

  it("opens on a full disk and keeps taking events", async () => {
    await using _disk = await smallDisk("12m");
    {
      await using outbox = await open({ quota: 64 * 1024 * 1024 });
      await outbox.append(crossings(1000));
    }
    fill();
    await using outbox = await open({ quota: 64 * 1024 * 1024 });
    await outbox.append(crossings(250));
    expect(numbers(outbox).at(-1)).toBe(outbox.standing().next - 1);
    expect(explained(outbox)).toEqual([]);
  });
});

describe("when its process is killed at any moment", () => {
  it("has everything it confirmed, in order and without holes", async () => {
    const rounds = 15;
    let random = 12_345;
    const dice = (below: number): number => {
      random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
      return random % below;
    };
    let confirmed = 0;
    let acked = 0;
    for (let round = 0; round < rounds; round++) {
      const child = fork(new URL("./crash-child.mjs", import.meta.url), [folder], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        execArgv: [],
      });
      // After some confirmations and a little more, wherever that hits.
      let left = 3 + dice(40);
      let first: number | undefined;
      await new Promise<void>((done) => {
        child.on("message", (said: { next: number; confirmed: number; acked: number }) => {
          first ??= said.next;
          confirmed = Math.max(confirmed, said.confirmed);
          acked = Math.max(acked, said.acked);
          if (left-- === 0) setTimeout(() => child.kill("SIGKILL"), dice(8));
        });
        child.on("exit", () => done());
      });
      expect(first).toBeGreaterThan(0);
      await using outbox = await open({ quota: 64 * 1024 * 1024 });
      const kept = numbers(outbox);
      const { next } = outbox.standing();
      expect(next - 1).toBeGreaterThanOrEqual(confirmed);
      expect(kept).toEqual(range(next - kept.length, next - 1));
      expect(kept[0] ?? next).toBeLessThanOrEqual(acked + 1);
      expect(outbox.standing().lost).toBe(0);
      const [item] = outbox.waiting(next - 2, { items: 1, bytes: 1 });
      if (item) expect(JSON.parse(item.body)).toEqual(crossing(next - 1));
    }
    expect(confirmed).toBeGreaterThan(rounds);
  });
});

it("leaves an identity that only its owner can read", async () => {
  await using outbox = await open();
  outbox.beginSession();
  expect(statSync(join(folder, "outbox.json")).mode & 0o077).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "outbox.json"), "utf8"))).toMatchObject({ v: 1, epoch: outbox.epoch });
});

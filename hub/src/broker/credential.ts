import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { LoginGuard } from "./login-guard.ts";

/** 2^14 blocks of 1 KiB: about 40 ms and 16 MiB a check. */
const cost = { log2N: 14, r: 8, p: 1 } as const;
const length = 32;

const derive = (password: string, salt: Buffer, log2N: number, r: number, p: number): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password, salt, length, { N: 2 ** log2N, r, p, maxmem: 256 * 2 ** log2N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );

/** `scrypt$<log2 N>$<r>$<p>$<salt>$<hash>`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, cost.log2N, cost.r, cost.p);
  return ["scrypt", cost.log2N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

const nobody = `scrypt$${cost.log2N}$${cost.r}$${cost.p}$AAAAAAAAAAAAAAAAAAAAAA$${Buffer.alloc(length).toString("base64url")}`;

/**
 * Whether the password belongs to the hash. Without a hash (nobody of that name) it takes as long and says no, so
 * that names cannot be found out by the clock. A hash this program cannot read says no as well.
 */
export async function checkPassword(hash: string | undefined, password: string): Promise<boolean> {
  const parts = (hash ?? nobody).split("$");
  const [kind, log2N, r, p, salt, wanted] = parts;
  const numbers = [log2N, r, p].map(Number);
  const [n = 0, blocks = 0, lanes = 0] = numbers;
  if (kind !== "scrypt" || parts.length !== 6 || !numbers.every(Number.isSafeInteger)) return false;
  if (n < 10 || n > 20 || blocks < 1 || blocks > 16 || lanes < 1 || lanes > 16) return false;
  const want = Buffer.from(wanted ?? "", "base64url");
  if (want.length !== length) return false;
  const have = await derive(password, Buffer.from(salt ?? "", "base64url"), n, blocks, lanes);
  return timingSafeEqual(have, want) && hash !== undefined;
}

/** What came of a login; `too-many` when it was not looked at, so that it says nothing about the password. */
export type Verdict = "right" | "wrong" | "too-many";

/** Checks that run, and that wait for their turn: about a second and a half of work. */
const atOnce = 2;
const waitingLimit = 64;

/**
 * Checks with a short memory: a device that was let in before is known again without the long computation, so that a
 * thousand boxes that reconnect after a restart of the network do not queue for a minute. Kept is a keyed digest. What
 * comes when too many wait is refused at once, or a flood of guesses would fill the memory and keep everybody waiting.
 */
export function passwordChecks(
  hashes: ReadonlyMap<string, string>,
  guard?: LoginGuard,
): (name: string, password: string, caller?: string) => Promise<Verdict> {
  const known = new Map<string, Buffer>();
  const key = randomBytes(32);
  let running = 0;
  const queue: (() => void)[] = [];
  const done = (): void => {
    running--;
    queue.shift()?.();
  };
  return async (name, password, caller = "") => {
    const digest = createHmac("sha256", key).update(name).update("\0").update(password).digest();
    const before = known.get(name);
    if (before && timingSafeEqual(before, digest)) return "right";
    if (queue.length >= waitingLimit || guard?.take(caller, name) === false) return "too-many";
    if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
    running++;
    try {
      const right = await checkPassword(hashes.get(name), password);
      if (!right) return "wrong";
      known.set(name, digest);
      guard?.giveBack(caller, name);
      return "right";
    } finally {
      done();
    }
  };
}

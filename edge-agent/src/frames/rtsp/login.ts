import { createHash, randomBytes } from "node:crypto";

/** Who the agent says it is. Lives in memory only. */
export type Login = { readonly user: string; readonly password: string };

/** Makes the Authorization header of each request; undefined when the camera asks for a kind of login nobody knows. */
export type Authorizer = (method: string, uri: string) => string;

const hashes = { md5: "md5", "sha-256": "sha256" } as const;
const isKnown = (name: string): name is keyof typeof hashes => name in hashes;

/**
 * Answers a camera's WWW-Authenticate lines with the strongest login both sides know: digest with SHA-256 (RFC 7616),
 * digest with MD5 (RFC 2617, with or without qop), basic. The password itself only travels with basic.
 */
export function authorizer(
  challenges: readonly string[],
  { user, password }: Login,
  random: () => string = () => randomBytes(8).toString("hex"),
): Authorizer | undefined {
  const offered = challenges.flatMap(eachChallenge);
  const digests = offered
    .filter((line) => /^digest\s/i.test(line))
    .map(parameters)
    .filter((said) => isKnown((said.algorithm ?? "md5").toLowerCase()))
    .sort((a, b) => strength(b) - strength(a));
  const [best] = digests;
  if (best) return digest(best, user, password, random);
  if (offered.some((one) => /^basic\b/i.test(one)))
    return () => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return undefined;
}

/** Whether a camera takes the login but not the nonce, which only it can renew. */
export const isStale = (challenges: readonly string[]): boolean =>
  challenges
    .flatMap(eachChallenge)
    .some((one) => /^digest\s/i.test(one) && parameters(one).stale?.toLowerCase() === "true");

/** One line may hold several challenges, told apart by a word without a value; inside quotes anything may stand. */
function eachChallenge(line: string): string[] {
  const bare = line.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => "_".repeat(quoted.length));
  const starts = [...bare.matchAll(/(?:^|,)\s*(?=[\w-]+\s+[\w-]+\s*=|(?:basic|negotiate|ntlm)\s*(?:,|$))/gi)].map(
    (m) => m.index + m[0].length,
  );
  return starts.map((start, i) => line.slice(start, starts[i + 1]).replace(/[,\s]+$/, ""));
}

type Said = Partial<Record<"realm" | "nonce" | "opaque" | "algorithm" | "qop" | "stale", string>>;

const strength = (said: Said): number => (said.algorithm?.toLowerCase() === "sha-256" ? 2 : 1);

function parameters(line: string): Said {
  return Object.fromEntries(
    [...line.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map((m) => [
      (m[1] ?? "").toLowerCase(),
      m[2]?.replace(/\\(.)/g, "$1") ?? m[3] ?? "",
    ]),
  );
}

/** What is hashed is what stands between the quotes once nothing in it has to be escaped (RFC 7616, 3.4). */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

function digest(said: Said, user: string, password: string, random: () => string): Authorizer {
  const { realm = "", nonce = "", opaque, algorithm } = said;
  const name = (algorithm ?? "md5").toLowerCase();
  const hash = (text: string): string =>
    createHash(isKnown(name) ? hashes[name] : "md5")
      .update(text)
      .digest("hex");
  const secret = hash(`${user}:${realm}:${password}`);
  const qop = said.qop?.split(",").some((q) => q.trim() === "auth") === true;
  let count = 0;
  return (method, uri) => {
    const request = hash(`${method}:${uri}`);
    const words = [`username=${quoted(user)}`, `realm=${quoted(realm)}`, `nonce=${quoted(nonce)}`, `uri="${uri}"`];
    if (algorithm !== undefined) words.push(`algorithm=${algorithm}`);
    if (opaque !== undefined) words.push(`opaque=${quoted(opaque)}`);
    if (qop) {
      count += 1;
      const nc = count.toString(16).padStart(8, "0");
      const own = random();
      words.push(`qop=auth`, `nc=${nc}`, `cnonce="${own}"`);
      words.push(`response="${hash(`${secret}:${nonce}:${nc}:${own}:auth:${request}`)}"`);
    } else words.push(`response="${hash(`${secret}:${nonce}:${request}`)}"`);
    return `Digest ${words.join(", ")}`;
  };
}

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Who may watch. `digest` is RFC 2617's MD5, which every client knows; `digest-sha256` is RFC 7616's; `any` offers all
 * three and takes whichever comes.
 */
export type CameraLogin = {
  readonly kind: "basic" | "digest" | "digest-sha256" | "any";
  /** "camera" when absent. */
  readonly realm?: string;
  readonly user: string;
  readonly password: string;
};

/** Answers whether a request may pass, and what to ask for when not. */
export type Gate = {
  /** `stale` is said of a right login with a nonce that is used up. */
  judge(method: string, authorization: string | undefined): "welcome" | "stale" | "unknown";
  /** The values of WWW-Authenticate, one a line; a new nonce each time. */
  challenges(stale: boolean): readonly string[];
};

/** `nonceUses` limits how often a nonce may be used before a new one is asked for, as some cameras do. */
export function gate(login: CameraLogin | undefined, nonceUses = Number.POSITIVE_INFINITY): Gate {
  if (!login) return { judge: () => "welcome", challenges: () => [] };
  const nonces = new Map<string, number>();
  const { kind, user, password, realm = "camera" } = login;
  const told = `realm="${realm.replace(/["\\]/g, "\\$&")}"`;

  return {
    challenges(isStale) {
      if (kind === "basic") return [`Basic ${told}`];
      const nonce = randomBytes(16).toString("hex");
      nonces.set(nonce, 0);
      const stale = isStale ? ", stale=true" : "";
      const digest = (name: string): string =>
        `Digest ${told}, nonce="${nonce}", algorithm=${name}, qop="auth"${stale}`;
      // The weakest first, as cameras that never thought about it do.
      if (kind === "any") return [`Basic ${told}`, digest("MD5"), digest("SHA-256")];
      return [digest(kind === "digest" ? "MD5" : "SHA-256")];
    },
    judge(method, authorization = "") {
      if (authorization.startsWith("Basic ")) {
        const right = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
        return (kind === "basic" || kind === "any") && same(authorization, right) ? "welcome" : "unknown";
      }
      if (!authorization.startsWith("Digest ") || kind === "basic") return "unknown";
      const said = Object.fromEntries(
        [...authorization.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map((m) => [
          m[1],
          m[2]?.replace(/\\(.)/g, "$1") ?? m[3],
        ]),
      );
      const algorithm = said.algorithm === "SHA-256" ? "sha256" : "md5";
      if (kind === "digest-sha256" && algorithm === "md5") return "unknown";
      const hash = (text: string): string => createHash(algorithm).update(text).digest("hex");
      const { nonce = "", uri = "", response = "", qop, nc, cnonce } = said;
      const uses = nonces.get(nonce);
      if (uses === undefined || said.username !== user || said.realm !== realm) return "unknown";
      const secret = hash(`${user}:${realm}:${password}`);
      const request = hash(`${method}:${uri}`);
      const middle = qop ? `${nonce}:${nc}:${cnonce}:${qop}` : nonce;
      if (!same(response, hash(`${secret}:${middle}:${request}`))) return "unknown";
      nonces.set(nonce, uses + 1);
      return uses < nonceUses ? "welcome" : "stale";
    },
  };
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

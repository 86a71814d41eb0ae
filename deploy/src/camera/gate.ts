import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Who may watch. `digest` is RFC 2617's MD5, which every client knows; `digest-sha256` is RFC 7616's. */
export type CameraLogin = {
  readonly kind: "basic" | "digest" | "digest-sha256";
  readonly user: string;
  readonly password: string;
};

/** Answers whether a request may pass, and what to ask for when not. */
export type Gate = {
  admits(method: string, authorization: string | undefined): boolean;
  /** The value of WWW-Authenticate; a new nonce each time. */
  challenge(): string;
};

const realm = "camera";

/** `nonceUses` limits how often a nonce may be used before a new one is asked for, as some cameras do. */
export function gate(login: CameraLogin | undefined, nonceUses = Number.POSITIVE_INFINITY): Gate {
  if (!login) return { admits: () => true, challenge: () => "" };
  const nonces = new Map<string, number>();
  const { kind, user, password } = login;
  const algorithm = kind === "digest-sha256" ? "sha256" : "md5";
  const hash = (text: string): string => createHash(algorithm).update(text).digest("hex");

  return {
    challenge() {
      if (kind === "basic") return `Basic realm="${realm}"`;
      const nonce = randomBytes(16).toString("hex");
      nonces.set(nonce, 0);
      const stale = nonces.size > 1 ? ", stale=true" : "";
      return `Digest realm="${realm}", nonce="${nonce}", algorithm=${kind === "digest" ? "MD5" : "SHA-256"}, qop="auth"${stale}`;
    },
    admits(method, authorization) {
      if (!authorization) return false;
      if (kind === "basic")
        return same(authorization, `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
      if (!authorization.startsWith("Digest ")) return false;
      const said = Object.fromEntries(
        [...authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map((m) => [m[1], m[2] ?? m[3]]),
      );
      const { nonce = "", uri = "", response = "", qop, nc, cnonce } = said;
      const uses = nonces.get(nonce);
      if (uses === undefined || uses >= nonceUses || said.username !== user) return false;
      nonces.set(nonce, uses + 1);
      const secret = hash(`${user}:${realm}:${password}`);
      const request = hash(`${method}:${uri}`);
      const middle = qop ? `${nonce}:${nc}:${cnonce}:${qop}` : nonce;
      return same(response, hash(`${secret}:${middle}:${request}`));
    },
  };
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

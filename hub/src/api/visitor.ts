import { Role } from "@openkerb/contract";

/** Who asks: a person with roles, or anybody. */
export type Visitor = {
  readonly person: string | undefined;
  readonly roles: readonly Role[];
  /** What the csrf token is bound to. */
  readonly session: string;
};

/** `public` is anybody, `anyone` everybody who is logged in, else one of these roles is needed. */
export type Access = "public" | "anyone" | readonly Role[];

export type Verdict = "welcome" | "login-needed" | "forbidden";

export function judge(access: Access, { person, roles }: Visitor): Verdict {
  if (access === "public") return "welcome";
  if (person === undefined) return "login-needed";
  if (access === "anyone" || access.some((role) => roles.includes(role))) return "welcome";
  return "forbidden";
}

/** The person at this machine, when the hub listens to nobody else and knows nobody by name. */
export const localVisitor: Visitor = { person: "local", roles: Role.options, session: "local" };

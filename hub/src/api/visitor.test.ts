import type { Role } from "@openkerb/contract";
import { describe, expect, it } from "vitest";
import { type Access, judge, localVisitor, type Verdict, type Visitor } from "./visitor.ts";

const stranger: Visitor = { person: undefined, roles: [], session: "x" };
const ann = (...roles: Role[]): Visitor => ({ person: "ann", roles, session: "x" });

describe("who comes in", () => {
  it.each<[Access, Visitor, Verdict]>([
    ["public", stranger, "welcome"],
    ["anyone", stranger, "login-needed"],
    [["operator"], stranger, "login-needed"],
    ["anyone", ann("privacy"), "welcome"],
    [["operator"], ann("technician"), "forbidden"],
    [["operator"], ann("technician", "operator"), "welcome"],
    [[], ann("operator"), "forbidden"],
    [["operator"], localVisitor, "welcome"],
  ])("%j for %j: %s", (access, visitor, verdict) => expect(judge(access, visitor)).toBe(verdict));
});

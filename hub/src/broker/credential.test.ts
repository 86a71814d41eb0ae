import { describe, expect, it } from "vitest";
import { checkPassword, hashPassword, passwordChecks } from "./credential.ts";
import { loginGuard } from "./login-guard.ts";

describe("a credential", () => {
  it("knows its password and no other", async () => {
    const hash = await hashPassword("correct horse");
    expect(hash).toMatch(/^scrypt\$14\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(await checkPassword(hash, "correct horse")).toBe(true);
    expect(await checkPassword(hash, "correct horse ")).toBe(false);
    expect(await checkPassword(hash, "")).toBe(false);
    expect(await hashPassword("correct horse")).not.toBe(hash);
  });

  it("says no for nobody, even to the password that nobody would have", async () => {
    expect(await checkPassword(undefined, "")).toBe(false);
    expect(await checkPassword(undefined, "anything")).toBe(false);
  });

  it.each([
    "scrypt$",
    "scrypt$14$8$1$AAAA$AAAA",
    "scrypt$99$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "scrypt$14$8$1000000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "scrypt$x$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "bcrypt$14$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  ])("says no to a hash it cannot read (%s)", async (hash) => {
    expect(await checkPassword(hash, "x")).toBe(false);
  });

  it("remembers who was right, and nobody else", async () => {
    const check = passwordChecks(new Map([["box-1", await hashPassword("one")]]));
    expect(await check("box-1", "one")).toBe("right");
    expect(await check("box-1", "one")).toBe("right");
    expect(await check("box-1", "two")).toBe("wrong");
    expect(await check("box-2", "one")).toBe("wrong");
  });

  it("is not looked at when too many wait, and those who were known before are let in meanwhile", async () => {
    const check = passwordChecks(new Map([["box-1", await hashPassword("one")]]));
    expect(await check("box-1", "one")).toBe("right");
    const flood = Array.from({ length: 500 }, (_, n) => check(`guess-${n}`, "x"));
    expect(await check("box-1", "one")).toBe("right");
    expect(await check("box-1", "other")).toBe("too-many");
    const verdicts = await Promise.all(flood);
    expect(verdicts.filter((v) => v === "wrong")).toHaveLength(66);
    expect(verdicts.filter((v) => v === "too-many")).toHaveLength(434);
    expect(await check("box-1", "other")).toBe("wrong");
  });
});

describe("who sends one wrong login after another", () => {
  let time = 0;
  const guard = () => loginGuard(() => time);
  const takes = (of: ReturnType<typeof guard>, caller: string, names: readonly string[]): number =>
    names.filter((name) => of.take(caller, name)).length;
  const same = (name: string): string[] => Array(100).fill(name);
  const many = Array.from({ length: 100 }, (_, n) => `box-${n}`);

  it("is held back for this name, and for all names after more of them, and never elsewhere", () => {
    const of = guard();
    expect(takes(of, "192.0.2.1", same("box-1"))).toBe(5);
    expect(of.take("192.0.2.1", "box-2")).toBe(true);
    expect(of.take("192.0.2.2", "box-1")).toBe(true);
    expect(takes(of, "192.0.2.1", many)).toBe(24);
    expect(takes(of, "192.0.2.2", many)).toBe(29);
  });

  it("may try again after a while, and a right login costs nothing", () => {
    const of = guard();
    takes(of, "192.0.2.1", same("box-1"));
    time += 20_000;
    expect(takes(of, "192.0.2.1", same("box-1"))).toBe(1);
    time += 600_000;
    for (let n = 0; n < 100; n++) {
      expect(of.take("192.0.2.1", "box-1")).toBe(true);
      of.giveBack("192.0.2.1", "box-1");
    }
  });

  it("cannot make the hub remember without end", () => {
    const of = guard();
    for (let n = 0; n < 50_000; n++) of.take(`2001:db8:0:${n.toString(16)}::/64`, "box-1");
    expect(takes(of, "2001:db8:0:c34f::/64", same("box-1"))).toBe(4);
    expect(takes(of, "2001:db8:0:1::/64", same("box-1"))).toBe(5);
  });
});

import { describe, expect, it } from "vitest";
import { checkPassword, hashPassword, passwordChecks } from "./credential.ts";

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
    expect(await check("box-1", "one")).toBe(true);
    expect(await check("box-1", "one")).toBe(true);
    expect(await check("box-1", "two")).toBe(false);
    expect(await check("box-2", "one")).toBe(false);
  });
});

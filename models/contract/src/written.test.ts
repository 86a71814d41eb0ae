import { expect, it } from "vitest";
import { AlertStep, ColocationOrder, ReviewDecision, Validation } from "./index.ts";

const override = (reason: string) => ReviewDecision.safeParse({ do: "override", flag: 4, reason });
const read = (reason: string) => (override(reason).data as { reason?: string } | undefined)?.reason;

it("a reason holds no sign that nobody sees: controls, halves of signs, marks that turn a line around", () => {
  expect(read("a\0 le\u0007af\u009f")).toBe("a leaf");
  expect(read("good \u202ednuos ton\u202c\u2066x\u2069\u200f\u061c")).toBe("good dnuos tonx");
  expect(read("\ufeffa leaf \ud83d")).toBe("a leaf");
  expect(read("first line\r\n\tsecond\u2028third")).toBe("first line second third");
});

it("a reason keeps what people write in their own script", () => {
  for (const text of [
    "树叶挡住了进气口",
    "أوراق على المدخل",
    "क्षेत्र \u200dमें",
    "a 👩\u200d🔧 was here",
    "<b>&amp; 'x'",
  ]) {
    expect(read(text)).toBe(text);
  }
});

it("a reason of unseen signs alone is no reason", () => {
  expect(override("\0\u202e\u2066\u0001 ").success).toBe(false);
  expect(override("\0a\0b\0").success).toBe(false);
  for (const sign of ["\u200b", "\u00ad", "\u3164", "\u2060", "\u200d", "\u{e0041}", "\u2800", "\u0301"])
    expect(override(sign.repeat(4)).success).toBe(false);
});

it("the same holds wherever people write", () => {
  const unseen = "see\0n\u202e";
  expect(Validation.parse({ channel: 1, from: 1, to: 2, reason: unseen }).reason).toBe("seen");
  const order = { sensor: 1, reference: { table: "time,value\r\n", name: unseen }, from: 1, to: 2 };
  expect(ColocationOrder.parse(order).reference).toEqual({ table: "time,value\r\n", name: "seen" });
  expect(AlertStep.parse({ do: "note", text: unseen })).toMatchObject({ text: "seen" });
  expect(AlertStep.parse({ do: "close", reason: unseen })).toMatchObject({ reason: "seen" });
  expect(AlertStep.safeParse({ do: "shelve", until: 1, reason: "\0" }).success).toBe(false);
});

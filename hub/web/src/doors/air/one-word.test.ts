import { expect, it } from "vitest";

it("what nobody has validated has one name in Chinese, on every page", () => {
  const catalogues = import.meta.glob<string>("../../**/*{texts,-zh}.ts", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  expect(Object.keys(catalogues).length).toBeGreaterThan(12);
  expect(Object.values(catalogues).some((text) => text.includes("初步数据"))).toBe(true);
  expect(Object.entries(catalogues).flatMap(([path, text]) => (text.includes("暂定") ? [path] : []))).toEqual([]);
});

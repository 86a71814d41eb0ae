import { defineConfig } from "vitest/config";

const unit = [
  "models/**/*.test.ts",
  "edge-agent/**/*.test.ts",
  "hub/src/**/*.test.ts",
  "hub/web/src/**/*.test.ts",
  "firmware-config/**/*.test.ts",
  "deploy/**/*.test.ts",
  "test/eval/**/*.test.ts",
];
const common = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: "unit", include: unit } },
      { test: { ...common, name: "house", include: ["test/house/**/*.test.ts"] } },
      {
        test: {
          ...common,
          name: "whole",
          include: ["test/whole/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

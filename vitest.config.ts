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
/** Only for a machine with much else to do: no test is about time. */
const common = { testTimeout: 90_000, hookTimeout: 90_000 };
/** Most of these wait for processes of their own, so two at a time suit two cores. */
const together = { maxWorkers: 2, sequence: { groupOrder: 0 } };

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, ...together, name: "unit", include: unit } },
      { test: { ...common, ...together, name: "house", include: ["test/house/**/*.test.ts"] } },
      {
        test: {
          ...common,
          name: "whole",
          include: ["test/whole/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Browsers, brokers and kills have the machine to themselves.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

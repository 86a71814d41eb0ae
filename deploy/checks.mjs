#!/usr/bin/env node
// Every check of the house, one after another, all of them even when one fails. Last line: `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, ".openkerb/test-report.json");
// Debian keeps servers such as mosquitto in sbin, which an ordinary user's PATH leaves out.
const PATH = [join(root, "node_modules/.bin"), process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter);
const env = { ...process.env, PATH };

const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env }).status === 0;

const checks = [
  ["types", () => run("tsc", ["-p", "tsconfig.json"]) && run("tsc", ["-p", "hub/web/tsconfig.json"])],
  ["lint and format", () => run("biome", ["check", "--error-on-warnings", "."])],
  ["unused code", () => run("knip", [])],
];

let passed = 0;
let failed = 0;
let skipped = 0;

for (const [name, check] of checks) {
  const ok = check();
  ok ? passed++ : failed++;
  console.log(`${ok ? "passed" : "FAILED"}: ${name}`);
}

mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });
const ended = run("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]);
const counts = readReport();
passed += counts.passed;
skipped += counts.skipped;
// A file that could not even be loaded fails without a failed test in it; so does a run that left no report.
failed += Math.max(counts.failed, ended ? 0 : 1);

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed === 0 ? 0 : 1;

function readReport() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites, skipped: numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

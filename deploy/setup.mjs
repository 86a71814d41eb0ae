#!/usr/bin/env node
// Prepares a fresh machine, with nothing but Node and git: plain JavaScript without a single dependency, because
// nothing is installed yet when it runs. `node deploy/setup.mjs [start|test]`; a second run only looks and returns.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2] ?? "start";

/** Ends with a sentence for a person: what is wrong and what to do next. */
function stop(what, next) {
  console.error(`\nopenkerb: ${what}\n  ${next}\n`);
  process.exit(1);
}

const say = (text) => console.log(`set-up: ${text}`);
const onPath = (name) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => folder && existsSync(join(folder, name)));

/** The programs outside npm's reach, with the Debian package that brings each. */
function toolsFor(purpose) {
  const always = [
    ["ffmpeg", "ffmpeg"],
    ["g++", "g++"],
    ["make", "make"],
    ["python3", "python3"],
  ];
  const tests = [
    ["chromium", "chromium"],
    ["mosquitto", "mosquitto"],
    ["socat", "socat"],
    ["openssl", "openssl"],
  ];
  return purpose === "test" ? [...always, ...tests] : always;
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `Node ${process.versions.node} is too old: OpenKerb needs Node 20.19 or newer.`,
    "Install it from nodejs.org or your distribution, then run the same command again.",
  );
}

function checkTools() {
  // Debian keeps servers such as mosquitto in sbin, which an ordinary user's PATH leaves out.
  process.env.PATH = `${process.env.PATH ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`;
  const missing = toolsFor(purpose)
    .filter(([program]) => !onPath(program))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  const line = `apt-get install -y --no-install-recommends ${missing.join(" ")}`;
  const asRoot = process.getuid?.() === 0;
  const sudo = !asRoot && onPath("sudo") && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (!onPath("apt-get"))
    stop(
      `these programs are missing: ${missing.join(", ")}.`,
      "Install them with your system's package manager, then run the same command again.",
    );
  if (!asRoot && !sudo)
    stop(
      `these programs are missing: ${missing.join(", ")}.`,
      `Run this line, then the same command again:\n  sudo apt-get update && sudo ${line}`,
    );
  say(`installing ${missing.join(", ")} from Debian's packages`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (args) =>
    sudo
      ? spawnSync("sudo", ["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...args], {
          stdio: ["ignore", "ignore", "inherit"],
        })
      : spawnSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env });
  apt(["update", "-qq"]);
  if (apt(line.split(" ").slice(1)).status !== 0)
    stop(
      `Debian's package manager could not install ${missing.join(", ")}.`,
      `Look at its message above, then run: sudo ${line}`,
    );
}

/** A fingerprint of files: changes when any of them does. */
function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!["node_modules", "dist"].includes(name)) add(join(path, name));
      return;
    }
    hash.update(path.slice(root.length)).update(readFileSync(path));
  };
  for (const path of paths) add(join(root, path));
  return hash.digest("hex");
}

/** Runs `work` unless the stamp file says that it was done for this very state. */
function onceFor(stamp, state, work) {
  const file = join(root, stamp);
  if (existsSync(file) && readFileSync(file, "utf8") === state) return;
  work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, state);
}

function run(command, args, failed, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  if (status !== 0) stop(failed, `To see it again: ${command} ${args.join(" ")}`);
}

function installPackages() {
  const state = fingerprint(["package-lock.json"]) + process.versions.modules + process.arch;
  onceFor("node_modules/.openkerb-installed", state, () => {
    say("installing npm packages as the lock file says (one module is compiled: about two minutes)");
    // npm older than 11 does not know allowScripts; this keeps onnxruntime-node from looking for CUDA there too.
    const env = { ONNXRUNTIME_NODE_INSTALL: "skip", ONNXRUNTIME_NODE_INSTALL_CUDA: "skip" };
    run(
      "npm",
      ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
      "npm could not install the packages of package-lock.json.",
      env,
    );
  });
}

function buildScreens() {
  const state = fingerprint(["hub/web", "models/contract/src", "package-lock.json"]);
  onceFor("hub/web/dist/.built-from", state, () => {
    say("building the screens");
    run("npm", ["run", "--silent", "build", "-w", "@openkerb/web"], "the screens could not be built.");
  });
}

function buildModels() {
  const openkerb = join(root, "deploy/openkerb.mjs");
  run(process.execPath, [openkerb, "models", "build"], "the detection models could not be built.");
  if (purpose !== "test") return;
  // The second detector is fetched by itself; without it its own tests say that they were skipped.
  spawnSync(process.execPath, [openkerb, "models", "build", "ssdlite"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
}

function main() {
  checkNode();
  checkTools();
  installPackages();
  buildScreens();
  buildModels();
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) main();

import { env } from "node:process";
import { isMainThread } from "node:worker_threads";

/**
 * ONNX Runtime's builds for Linux send telemetry unless this variable is set before the library is loaded: a lasting
 * device id, and names, hashes and timings of every network, queued on disk until they can be sent. A box that watches
 * streets tells nobody but its hub, so the variable is set and cannot be unset.
 */
const name = "ORT_DISABLE_TELEMETRY";

if (isMainThread) env[name] = "1";
// A thread has a copy of the variables, and the library reads the real ones.
else if (env[name] !== "1")
  throw new Error("import @openkerb/vision/no-telemetry before starting a thread that loads a network");

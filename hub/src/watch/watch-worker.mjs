// A thread does not inherit the TypeScript loader of its parent on Node 20; this file brings its own.
import { register } from "tsx/esm/api";

register();
await import("./watch-worker.ts");

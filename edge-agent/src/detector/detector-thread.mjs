// Threads do not inherit the TypeScript loader of the process on Node 20, so this file brings it along.
import { register } from "tsx/esm/api";

register();
await import("./detector-thread.ts");

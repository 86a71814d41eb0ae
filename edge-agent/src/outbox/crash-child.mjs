import { register } from "tsx/esm/api";

register();
await import("./crash-child.ts");

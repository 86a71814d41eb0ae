export * from "./detection.ts";

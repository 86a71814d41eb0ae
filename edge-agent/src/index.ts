export type { Frame, Frames } from "./frames/frames.ts";

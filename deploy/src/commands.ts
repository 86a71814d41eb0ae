/** What a room offers on the command line. */
export type Command = {
  /** One line for the list of commands. */
  readonly summary: string;
  /** All of `openkerb <name> --help`. */
  readonly help: string;
  /** The help of one part, for commands that have parts; `args` is what stands before and after `--help`. */
  helpOf?(args: readonly string[]): Promise<string>;
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
};

/** The whole `openkerb` command: each name loads the room that answers, and nothing of the others. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: () => import("./demo/demo.ts"),
  hub: () => import("@openkerb/hub/commands/hub"),
  agent: () => import("@openkerb/edge-agent/commands/agent"),
  models: () => import("@openkerb/vision/commands/models"),
  detect: () => import("@openkerb/edge-agent/commands/detect"),
  track: () => import("@openkerb/edge-agent/commands/track"),
  analyse: () => import("@openkerb/edge-agent/commands/analyse"),
  air: () => import("@openkerb/hub/commands/air"),
  sensors: () => import("@openkerb/edge-agent/commands/sensors"),
  noise: () => import("@openkerb/edge-agent/commands/noise"),
};

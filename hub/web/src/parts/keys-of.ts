import type { AirPage, Route } from "../route.ts";

/** Keys that belong together: those of the whole page, of one door's work, of a chart. */
export type KeyGroup = "anywhere" | "desk" | "review" | "chart";

const charted: ReadonlySet<AirPage> = new Set(["station", "compare", "review", "noise", "forecast"]);

/** The keys that do something where somebody is. */
export function keysOf(route: Route): readonly KeyGroup[] {
  switch (route.door) {
    case "desk":
      return ["anywhere", "desk", "chart"];
    case "boxes":
      return route.device === undefined ? ["anywhere"] : ["anywhere", "chart"];
    case "air":
      return [
        "anywhere",
        ...(route.page === "review" ? (["review"] as const) : []),
        ...(charted.has(route.page) ? (["chart"] as const) : []),
      ];
    case "open":
    case "home":
    case "lost":
      return ["anywhere"];
    default:
      return route satisfies never;
  }
}

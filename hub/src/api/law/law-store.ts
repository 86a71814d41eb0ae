import type { HubConfig } from "@openkerb/contract";
import type { MinuteLevels } from "../../store/minute-levels.ts";
import type { StoreQueries } from "../../store/store.ts";
import type { Decisions } from "./decisions.ts";

/** What the laws are worked out from. */
export type LawStore = Pick<StoreQueries, "channels" | "channelStates" | "rollups" | "chart" | "counts"> & {
  decisions(channel: number, from: number, to: number): Promise<Decisions>;
  levels(...asked: Parameters<MinuteLevels>): Promise<readonly number[]>;
};

/** How the city is judged, and up to when anything can have been measured: the end of the last whole hour. */
export type Setting = { readonly air: HubConfig["air"]; readonly until: number };

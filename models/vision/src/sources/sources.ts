import { centernet6 } from "./centernet6.ts";
import type { Source } from "./source.ts";
import { ssdlite } from "./ssdlite.ts";

/** Every network that can be built here. */
export const sources: readonly Source[] = [centernet6, ssdlite];

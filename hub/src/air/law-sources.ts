import { say } from "@openkerb/contract";
import type { Limit } from "./limits.ts";

/**
 * Where the figures of a law stand: its title, the place in it, and its address. What could not be read word by word in
 * the law itself is not said here but marked at the figure (`unconfirmed`).
 */
export const lawSources: Readonly<Record<Limit["law"], string>> = {
  "eu-2008-50":
    "Directive 2008/50/EC, Annexes I (90 % of a year), VII, XI, XII and XIV; repealed with effect from 12 December 2026 by Article 31(1) of Directive (EU) 2024/2881. http://data.europa.eu/eli/dir/2008/50/oj",
  "eu-2024-2881":
    "Directive (EU) 2024/2881, Annex I, Sections 1, 2 and 4, and Annex V (85 % of a year); to be transposed by 11 December 2026 (Article 30(1)). http://data.europa.eu/eli/dir/2024/2881/oj",
  "gb-3095-2012":
    "GB 3095-2012, tables 1 and 4, with the amendment in force since 1 September 2018 (reference state 298.15 K); percentiles after HJ 663-2013, of which that of ozone is confirmed word by word. https://www.mee.gov.cn",
  "gb-3095-2026":
    "GB 3095-2026, tables 1 and 4, in force since 1 March 2026; percentiles after HJ 663-2013, of which that of ozone is confirmed word by word. https://www.mee.gov.cn",
  "who-2021":
    "WHO global air quality guidelines, 2021, tables 0.1 and 0.2; that a year needs 75 % of its hours or days is not confirmed word by word. https://iris.who.int/handle/10665/345329",
};

/** Marks of what no text of the law at hand says word by word; a ledger shows them beside the verdict. */
export const unconfirmed = {
  ozoneUntil2030: say("ledger.ozone-until-2030"),
  whoState: say("ledger.who-state"),
} as const;

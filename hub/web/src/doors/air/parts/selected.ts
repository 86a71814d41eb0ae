import type { Session } from "@openkerb/contract";
import { type AirRoute, air } from "../../../route.ts";
import { go } from "../../../use-route.tsx";

/** What every page of the door is given: its address and who is there. */
export type AirPageProps = { readonly route: AirRoute; readonly session: Session };

/** Changes what is asked of a page; undefined takes a word out of the address. */
export function changing({ page, id, asked }: AirRoute) {
  return (words: Readonly<Record<string, string | undefined>>): void => {
    const next = Object.entries({ ...asked, ...words }).filter((e): e is [string, string] => e[1] !== undefined);
    go(air(page, Object.fromEntries(next), id), { replace: true });
  };
}

export const isOfficer = (session: Session): boolean => session.roles.includes("officer");

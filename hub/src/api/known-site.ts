import { type SiteView, say } from "@openkerb/contract";
import type { Channel } from "../store/reading-queries.ts";
import type { ApiParts } from "./parts.ts";
import { notFound } from "./problem.ts";
import { siteViews } from "./site-views.ts";

/** What is known of a place; the view is absent when only its readings are known. @throws Refusal 404 */
export function knownSite(
  site: string,
  { settings, store }: Pick<ApiParts, "settings" | "store">,
  channels: readonly Channel[],
): SiteView | undefined {
  const view = siteViews(settings.sites, store.births()).find((v) => v.site === site);
  if (!view && !channels.some((c) => c.site === site))
    throw notFound(say("refusal.unknown", { what: say("unknown.place", { id: site }) }));
  return view;
}

import { SiteList } from "@openkerb/contract";
import type { Api, ApiParts } from "../parts.ts";
import { siteViews } from "../site-views.ts";

/** Names and drawings. The public sees the places that say openly what they measure and why. */
export function sitesRoute(app: Api, { settings, store }: ApiParts): void {
  app.get(
    "/sites",
    {
      config: { access: "public" },
      schema: {
        tags: ["places"],
        summary: "Places, their cameras, lines and zones",
        description: "Without a login: only places with public information.",
        response: { 200: SiteList },
      },
    },
    async ({ visitor }) => {
      const sites = siteViews(settings.sites, store.births());
      return { sites: visitor.person === undefined ? sites.filter((s) => s.open) : sites };
    },
  );
}

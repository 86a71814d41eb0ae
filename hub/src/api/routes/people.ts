import { PeopleList } from "@openkerb/contract";
import type { Door } from "../door.ts";
import type { Api, ApiParts } from "../parts.ts";
import { localVisitor } from "../visitor.ts";

/** Who alerts can be given to: those who may do something about them. */
export function peopleRoute(app: Api, { settings }: ApiParts, { local }: Door): void {
  const doers = settings.config.people.filter((p) => p.roles.includes("operator") || p.roles.includes("technician"));
  const people = local ? [localVisitor.person ?? ""] : doers.map((p) => p.name).sort();
  app.get(
    "/people",
    {
      config: { access: ["operator", "technician"] },
      schema: { tags: ["alerts"], summary: "Who alerts can be given to", response: { 200: PeopleList } },
    },
    async () => ({ people }),
  );
}

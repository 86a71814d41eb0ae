import { DeviceList } from "@openkerb/contract";
import type { Api, ApiParts } from "../parts.ts";

/** Every box, how it is now. */
export function devicesRoute(app: Api, { store }: ApiParts): void {
  app.get(
    "/devices",
    {
      config: { access: "anyone" },
      schema: { tags: ["boxes"], summary: "Every box, how it is now", response: { 200: DeviceList } },
    },
    async () => ({ devices: store.devices() }),
  );
}

export { checkPassword, hashPassword } from "./broker/credential.ts";
export { checkHubConfig, type HubSettings, hubSchema, readHubConfig } from "./config.ts";
export { type Hub, type HubParts, startHub } from "./hub.ts";
export { openStore } from "./store/sqlite-store.ts";
export type { Store } from "./store/store.ts";

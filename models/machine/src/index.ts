export { homeFolder } from "./home.ts";
export { makeFolder } from "./make-folder.ts";

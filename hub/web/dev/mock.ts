// A hub of make-believe for work on the screens: `node --import tsx hub/web/dev/mock.ts [port] [places]`.
import { startMockHub } from "./mock-hub.ts";

const [port = "8088", places = "1"] = process.argv.slice(2);
const hub = await startMockHub({ port: Number(port), places: places === "2" ? 2 : 1, traffic: 40 });
console.log(`make-believe hub on ${hub.url}; with vite: OPENKERB_HUB=${hub.url} npm run dev -w @openkerb/web`);

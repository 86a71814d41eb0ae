#!/usr/bin/env node
// The `openkerb` command. Node 20 does not read TypeScript by itself: tsx is registered first, then the table is loaded.
import { register } from "tsx/esm/api";

register();
const { main } = await import("./src/main.ts");
await main(process.argv.slice(2));

import { config } from "zod";

// zod writes its parsers as code when it may, and asks by trying. The page's content policy forbids that, and every
// visit would be reported as an attack. Imported before the contract, whose schemas decide when they are made.
config({ jitless: true });

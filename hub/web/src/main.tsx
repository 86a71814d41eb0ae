import "./policy.ts";
import "@fontsource-variable/inter/wght.css";
import "uplot/dist/uPlot.min.css";
import "./look/base.css";
import "./look/parts.css";
import "./look/shell.css";
import "./look/desk.css";
import "./look/boxes.css";
import "./look/open.css";
import "./look/air.css";
import "./look/air-parts.css";
import "./look/air-review.css";
import "./look/air-ledger.css";
import "./look/air-colocation.css";
import "./look/air-noise.css";
import "./look/air-forecast.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyLanguage } from "./language/language.ts";
import { applyTheme } from "./theme.ts";

applyTheme();
applyLanguage();
const holder = document.getElementById("screen");
if (!holder) throw new Error("index.html has no element with the id `screen`");
createRoot(holder).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

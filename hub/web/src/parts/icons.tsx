import type { Severity } from "@openkerb/contract";
import type { ReactNode } from "react";
import type { Light } from "../box-check.ts";
import { texts } from "../language/language.ts";
import { severityName } from "../words.ts";
import * as said from "./texts.ts";

function Icon({ children, size = 20 }: { children: ReactNode; size?: number }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 20 20" width={size} height={size} className="icon">
      {children}
    </svg>
  );
}

/** On a button that opens a list below it. */
export const OpensIcon = () => (
  <svg aria-hidden="true" viewBox="0 0 12 12" width="12" height="12" className="icon">
    <path d="M2.5 4.5L6 8l3.5-3.5" />
  </svg>
);
export const DeskIcon = () => (
  <Icon>
    <path d="M2.5 4.5h15v9h-15zM7 17h6M10 13.5V17" />
    <path d="M5 10.5l2.5-2.5 2 1.5L13 6.500l2 2" />
  </Icon>
);
export const AirIcon = () => (
  <Icon>
    <path d="M2.500 8h9a2.500 2.500 0 1 0-2.500-2.500M2.500 11.500h12.500a2.500 2.500 0 1 1-2.500 2.500M2.500 15h5.500a1.800 1.800 0 1 1-1.800 1.800" />
  </Icon>
);
export const LanguageIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M2.500 10h15M10 2.500c2.600 2.300 3.600 4.800 3.600 7.500s-1 5.200-3.600 7.500c-2.600-2.300-3.600-4.800-3.600-7.500S7.400 4.800 10 2.500z" />
  </Icon>
);
export const BoxesIcon = () => (
  <Icon>
    <path d="M5 2.500h10v7H5zM10 9.500V18M7.5 18h5" />
    <circle cx="10" cy="6" r="1.6" />
  </Icon>
);
export const OpenIcon = () => (
  <Icon>
    <path d="M3 17.500V7l7-4.500L17 7v10.500M3 17.500h14M8 17.500v-6h4v6" />
  </Icon>
);
export const PersonIcon = () => (
  <Icon>
    <circle cx="10" cy="6.5" r="3.5" />
    <path d="M3.5 17.5c.6-4 3-5.5 6.5-5.5s5.9 1.5 6.5 5.5" />
  </Icon>
);
export const SearchIcon = () => (
  <Icon size={16}>
    <circle cx="8.5" cy="8.5" r="5.5" />
    <path d="M12.7 12.700L17.5 17.5" />
  </Icon>
);
export const CloseIcon = () => (
  <Icon size={16}>
    <path d="M4 4l12 12M16 4L4 16" />
  </Icon>
);
export const BackIcon = () => (
  <Icon size={16}>
    <path d="M12.5 3.500L6 10l6.5 6.5" />
  </Icon>
);
export const ThemeIcon = ({ theme }: { theme: "auto" | "light" | "dark" }) => (
  <Icon>
    <circle cx="10" cy="10" r="6" />
    {theme === "auto" && <path d="M10 4a6 6 0 0 1 0 12z" className="solid" />}
    {theme === "dark" && <circle cx="10" cy="10" r="6" className="solid" />}
  </Icon>
);
export const QuietIcon = () => (
  <Icon size={40}>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M6.8 10.200l2.2 2.2 4.3-4.6" />
  </Icon>
);

/** Severity as shape and colour, with its word for who sees neither. */
export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" className={`mark ${severity}`} role="img">
      <title>{severityName(severity)}</title>
      {severity === "critical" && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />}
      {severity === "warning" && <path d="M8 1.500l7 12.500H1z" />}
      {severity === "notice" && <circle cx="8" cy="8" r="6" />}
      {severity !== "notice" ? (
        <path className="cut" d={severity === "critical" ? "M8 4v4.800M8 10.800v1.4" : "M8 6v3.800M8 11.200v1.2"} />
      ) : (
        <path className="cut" d="M8 7.200v4M8 4.500v1.2" />
      )}
    </svg>
  );
}

/** A check's light: a tick, a triangle, a cross or an empty ring, each with its word. */
export function LightMark({ light }: { light: Light }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" className={`mark light-${light}`} role="img">
      <title>{texts(said).lights[light]}</title>
      {light === "green" && <circle cx="8" cy="8" r="7" />}
      {light === "green" && <path className="cut" d="M4.6 8.200l2.4 2.4 4.4-4.8" />}
      {light === "amber" && <path d="M8 1.500l7 12.500H1z" />}
      {light === "amber" && <path className="cut" d="M8 6v3.800M8 11.200v1.2" />}
      {light === "red" && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />}
      {light === "red" && <path className="cut" d="M5.2 5.200l5.6 5.600M10.8 5.200l-5.6 5.6" />}
      {light === "grey" && <circle className="ring" cx="8" cy="8" r="6" />}
    </svg>
  );
}

import type { QualityFlag } from "@openkerb/contract";
import type { ReactNode } from "react";
import { useLanguage } from "./language.ts";
import { flags } from "./names.ts";

const shapes: Record<QualityFlag, ReactNode> = {
  1: <circle cx="8" cy="8" r="4" />,
  2: <circle cx="8" cy="8" r="5" className="ring" />,
  3: <path d="M8 2l7 12H1z" />,
  4: <path className="cross" d="M3 3l10 10M13 3L3 13" />,
  9: <path d="M2 6.500h12v3H2z" />,
};

/** Each flag is a shape of its own, so that it is read without colour: dot, ring, triangle, cross, bar. */
export function FlagMark({ flag, words = false }: { flag: QualityFlag; words?: boolean }) {
  const name = flags[useLanguage()][flag];
  const look = { viewBox: "0 0 16 16", width: 14, height: 14, className: `mark flag-${flag}` };
  if (!words)
    return (
      <svg {...look} role="img">
        <title>{name}</title>
        {shapes[flag]}
      </svg>
    );
  return (
    <span className="flag-words">
      <svg {...look} aria-hidden="true">
        {shapes[flag]}
      </svg>{" "}
      {name}
    </span>
  );
}

/** A tick, a cross or a dash: met, not met, not known. The word stands beside it. */
export function VerdictMark({ verdict }: { verdict: "good" | "bad" | "unknown" }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" className={`mark verdict-${verdict}`}>
      {verdict === "good" && <circle cx="8" cy="8" r="7" />}
      {verdict === "good" && <path className="cut" d="M4.6 8.200l2.4 2.400 4.4-4.8" />}
      {verdict === "bad" && <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" />}
      {verdict === "bad" && <path className="cut" d="M5.2 5.200l5.6 5.600M10.8 5.200l-5.6 5.6" />}
      {verdict === "unknown" && <circle className="ring" cx="8" cy="8" r="6" />}
    </svg>
  );
}

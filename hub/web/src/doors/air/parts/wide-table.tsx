import type { ReactNode } from "react";

/** A table that scrolls in itself where the screen is narrow, by keyboard too. */
export const WideTable = ({ name, children }: { name: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
  <section className="air-scroll" aria-label={name} tabIndex={0}>
    <table className="air-table">{children}</table>
  </section>
);

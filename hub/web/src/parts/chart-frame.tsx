import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef } from "react";
import { Button, ToggleButton } from "react-aria-components";
import { texts } from "../language/language.ts";
import * as said from "./texts.ts";

type Props = {
  /** What is drawn, its unit and its averaging time. */
  readonly title: string;
  readonly label?: ReactNode;
  /** What the cursor stands on, in words. */
  readonly readout: string;
  readonly zoomed: boolean;
  readonly zoomIn: () => void;
  readonly showAll: () => void;
  /** Moves the cursor one value on or back. */
  readonly step: (by: 1 | -1) => void;
  readonly table: boolean;
  readonly setTable: (table: boolean) => void;
  /** The values as a table, made only when it is shown. */
  readonly rows: () => ReactNode;
  /** Where the drawing goes. */
  readonly holder: RefObject<HTMLDivElement | null>;
  readonly height: number;
  readonly className?: string;
  readonly children?: ReactNode;
};

/** What every chart has around its drawing: its title, what the cursor reads, zoom, keys, and its table one key away. */
export function ChartFrame(props: Props) {
  const { title, label, readout, zoomed, zoomIn, showAll, step, table, setTable, rows, holder, height } = props;
  const say = texts(said).chart;
  const heading = useId();
  const cells = useRef<HTMLElement>(null);
  const byKey = useRef(false);
  // Who changes between chart and table by key goes on with keys in what is there now.
  useEffect(() => {
    if (byKey.current) (table ? cells.current : holder.current)?.focus();
    byKey.current = false;
  }, [table, holder]);
  const press = (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "t" || event.key === "T") {
      byKey.current = true;
      setTable(!table);
    }
    if (table) return;
    if (event.key === "+") zoomIn();
    if (event.key === "-") showAll();
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    step(event.key === "ArrowRight" ? 1 : -1);
  };
  return (
    <figure className={`chart ${props.className ?? ""}`} aria-labelledby={heading}>
      <figcaption className="chart-head">
        <span id={heading} className="chart-title">
          {label && <strong>{label}</strong>} <span className="muted">{title}</span>
        </span>
        <output className="chart-readout" aria-live="polite">
          {readout}
        </output>
        {!table && (
          <Button className="button quiet small" onPress={zoomed ? showAll : zoomIn}>
            {zoomed ? say.showAll : say.zoom}
          </Button>
        )}
        <ToggleButton className="button quiet small" isSelected={table} onChange={setTable}>
          {say.table}
        </ToggleButton>
      </figcaption>
      {table ? (
        <section
          ref={cells}
          className="chart-table"
          aria-label={say.tableOf(title)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
          tabIndex={0}
          onKeyDown={press}
        >
          <table>{rows()}</table>
        </section>
      ) : (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this is a picture that takes keys
        <div
          ref={holder}
          className="chart-canvas"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the cursor is moved by arrow keys
          tabIndex={0}
          aria-label={say.chart(title)}
          style={{ height }}
          onKeyDown={press}
        />
      )}
      {props.children}
    </figure>
  );
}

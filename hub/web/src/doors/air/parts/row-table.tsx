import type { ReactNode } from "react";
import { TableHead } from "../../../parts/table-head.tsx";

type Column<Row> = {
  readonly head: string;
  readonly number?: boolean;
  readonly cell: (row: Row, at: number) => ReactNode;
};

type Props<Row> = {
  /** The first is what a row is about. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly caption?: string;
};

/** A table whose rows, where the screen is too narrow for columns, stand as paragraphs, each value beside its label. */
export function Rows<Row>({ columns: [first, ...rest], rows, keyOf, caption }: Props<Row>) {
  return (
    <table className="air-table">
      {caption && <caption>{caption}</caption>}
      <TableHead columns={[first, ...rest].map(({ head, number }) => (number ? { number: head } : head))} />
      <tbody>
        {rows.map((row, at) => (
          <tr key={keyOf(row)}>
            <th scope="row">{first.cell(row, at)}</th>
            {rest.map(({ head, number, cell }) => (
              <td key={head} data-label={head} className={number ? "number" : undefined}>
                {cell(row, at)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Such a table in a place of its own, where it scrolls, by keyboard too, when it is wider than that. */
export const RowTable = <Row,>({ name, ...of }: Props<Row> & { readonly name: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
  <section className="air-scroll" aria-label={name} tabIndex={0}>
    <Rows {...of} />
  </section>
);

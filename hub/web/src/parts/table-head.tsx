/** What a column holds; a column of numbers stands to the right. */
type Column = string | { readonly number: string };

/** The heads of a table, in the order of its cells. */
export const TableHead = ({ columns }: { columns: readonly Column[] }) => (
  <thead>
    <tr>
      {columns.map((column) =>
        typeof column === "string" ? (
          <th scope="col" key={column}>
            {column}
          </th>
        ) : (
          <th scope="col" key={column.number} className="number">
            {column.number}
          </th>
        ),
      )}
    </tr>
  </thead>
);

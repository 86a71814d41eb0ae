import type { SiteView } from "@openkerb/contract";
import { classesOf, sumOf } from "../../counts.ts";
import { Ago, useScreen } from "../../parts/live.tsx";
import { stepWords } from "../../parts/plan.tsx";
import { Tick } from "../../parts/tick.tsx";
import type { StreetCounts } from "../../use-counts.ts";
import { classNames } from "../../words.ts";

/** Each line with its classes, in and out, as they happen. */
export function LineTable({ site, counts }: { site: SiteView; counts: StreetCounts }) {
  const lines = site.cameras.flatMap((c) => c.lines);
  if (lines.length === 0)
    return (
      <p className="muted pad">
        No line is drawn here yet. Draw one under the camera's <code>lines</code> in the site file; counting begins when
        the box has read it.
      </p>
    );
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">Line</th>
          <th scope="col" className="number">
            In
          </th>
          <th scope="col" className="number">
            Out
          </th>
        </tr>
      </thead>
      {lines.map((line) => (
        <LineRows key={line.id} line={line} counts={counts} />
      ))}
    </table>
  );
}

function LineRows({ line, counts }: { line: SiteView["cameras"][number]["lines"][number]; counts: StreetCounts }) {
  const screen = useScreen();
  const last = screen.street.last(line.id);
  const of = counts.today.get(line.id);
  const sum = sumOf(of);
  const classes = classesOf(of);
  return (
    <tbody>
      <tr className="line-row">
        <th scope="rowgroup">
          {line.name}
          <span className="last">
            {last ? (
              <>
                {stepWords(last)}, <Ago at={last.at} />
              </>
            ) : counts.loading || sum.in + sum.out > 0 ? (
              ""
            ) : (
              "nobody yet"
            )}
          </span>
        </th>
        <td className="number sum">{counts.loading ? "–" : <Tick value={sum.in} name={`${line.id} in`} />}</td>
        <td className="number sum">{counts.loading ? "–" : <Tick value={sum.out} name={`${line.id} out`} />}</td>
      </tr>
      {classes.map((c) => (
        <tr key={c.class} className="class-row">
          <th scope="row">{classNames[c.class].many}</th>
          <td className="number">
            <Tick value={c.in} name={`${line.id} ${c.class} in`} />
          </td>
          <td className="number">
            <Tick value={c.out} name={`${line.id} ${c.class} out`} />
          </td>
        </tr>
      ))}
    </tbody>
  );
}

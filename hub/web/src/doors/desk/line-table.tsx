import type { SiteView } from "@openkerb/contract";
import { classesOf, sumOf } from "../../counts.ts";
import { texts } from "../../language/language.ts";
import { Ago, useScreen } from "../../parts/live.tsx";
import { stepWords } from "../../parts/plan.tsx";
import { TableHead } from "../../parts/table-head.tsx";
import { Tick } from "../../parts/tick.tsx";
import type { StreetCounts } from "../../use-counts.ts";
import { className } from "../../words.ts";
import * as said from "./texts.ts";

/** Each line with its classes, in and out, as they happen. */
export function LineTable({ site, counts }: { site: SiteView; counts: StreetCounts }) {
  const say = texts(said).street;
  const lines = site.cameras.flatMap((c) => c.lines);
  if (lines.length === 0)
    return (
      <p className="muted pad">
        {say.noLine[0]}
        <code>lines</code>
        {say.noLine[1]}
      </p>
    );
  return (
    <table className="lines">
      <TableHead columns={[say.line, { number: say.in }, { number: say.out }]} />
      {lines.map((line) => (
        <LineRows key={line.id} line={line} counts={counts} />
      ))}
    </table>
  );
}

function LineRows({ line, counts }: { line: SiteView["cameras"][number]["lines"][number]; counts: StreetCounts }) {
  const screen = useScreen();
  const say = texts(said).street;
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
                {say.step(stepWords(last))}
                <Ago at={last.at} />
              </>
            ) : counts.loading || sum.in + sum.out > 0 ? (
              ""
            ) : (
              say.nobodyYet
            )}
          </span>
        </th>
        <td className="number sum">{counts.loading ? "–" : <Tick value={sum.in} name={`${line.id} in`} />}</td>
        <td className="number sum">{counts.loading ? "–" : <Tick value={sum.out} name={`${line.id} out`} />}</td>
      </tr>
      {classes.map((c) => (
        <tr key={c.class} className="class-row">
          <th scope="row">{className(c.class).many}</th>
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

import type { SiteView } from "@openkerb/contract";
import { texts } from "../../language/language.ts";
import { useScreen } from "../../parts/live.tsx";
import { stepWords } from "../../parts/plan.tsx";
import { moment, timeFormat } from "../../words.ts";
import * as said from "./texts.ts";

const time = timeFormat({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The plan's pulses as a list: the last steps over the lines of this place. */
export function RecentSteps({ site }: { site: SiteView }) {
  const say = texts(said).street;
  const recent = useScreen()
    .street.recent()
    .filter((c) => c.site === site.site)
    .slice(0, 6);
  const nameOf = (line: string): string =>
    site.cameras.flatMap((c) => c.lines).find((l) => l.id === line)?.name ?? line;
  return (
    <section className="recent" aria-label={say.recent}>
      <h2>{say.justNow}</h2>
      {recent.length === 0 ? (
        <p className="muted">{say.nobody}</p>
      ) : (
        <ol>
          {recent.map((c) => (
            <li key={c.id}>
              <time dateTime={new Date(c.at).toISOString()} title={moment(c.at)}>
                {time(c.at)}
              </time>
              <span>{stepWords(c)}</span>
              <span className="muted">{nameOf(c.line)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

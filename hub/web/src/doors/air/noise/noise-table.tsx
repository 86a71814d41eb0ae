import type { NoiseDayView } from "@openkerb/contract";
import { TableHead } from "../../../parts/table-head.tsx";
import { useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

const columns = ["lday", "levening", "lnight", "lden", "la10", "la50", "la90", "lafmax"] as const;
const heads = {
  lday: "Lday",
  levening: "Levening",
  lnight: "Lnight",
  lden: "Lden",
  la10: "LA10",
  la50: "LA50",
  la90: "LA90",
  lafmax: "LAFmax",
};

const laws = ["who-2018", "gb-3096"] as const;

/** A row per day, the newest first. A level that rests on too few hours is not shown, and says so. */
export function NoiseTable({ days }: { days: readonly NoiseDayView[] }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const there = columns.filter((c) => days.some((d) => d[c] !== undefined));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
    <section className="wide-table" aria-label={t.table} tabIndex={0}>
      <table>
        <TableHead
          columns={[
            t.day,
            t.hours,
            ...there.map((c) => ({ number: heads[c] })),
            ...laws.map((law) => t.aboveHead(t.laws[law])),
          ]}
        />
        <tbody>
          {[...days].reverse().map((d) => (
            <tr key={d.day} className={d.lden === undefined ? "short" : undefined}>
              <th scope="row">{say.day(d.day)}</th>
              <td className="noise-hours">
                {t.hoursOf(say.count(d.hours))}
                {d.lden === undefined && <span className="noise-short"> · {t.short}</span>}
              </td>
              {there.map((c) => (
                <td key={c} className="number">
                  {d[c] === undefined ? "–" : say.fixed(d[c], 1)}
                </td>
              ))}
              {laws.map((law) => (
                <td key={law}>
                  <Findings of={d.findings.filter((f) => f.law === law)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Findings({ of }: { of: NoiseDayView["findings"] }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const above = of.filter((f) => f.exceeded);
  if (of.length === 0) return <span className="muted">{t.none}</span>;
  return (
    <span className="finding">
      <VerdictMark verdict={above.length === 0 ? "good" : "bad"} />
      {above.length === 0
        ? t.kept
        : above.map((f) => t.above(t.figures[f.figure] ?? f.figure, say.fixed(f.level - f.limit, 1))).join(" · ")}
    </span>
  );
}

import type { AirBin, QualityFlag } from "@openkerb/contract";
import { counted, type Run } from "../parts/bins.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { FlagMark } from "../parts/marks.tsx";
import { flags as flagNames } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

/** How much of the strip's height a flag takes, from the bottom: the worse, the taller, so that it is read without colour. */
const heights: Record<QualityFlag, number> = { 1: 3, 2: 6, 3: 10, 4: 16, 9: 0 };

/** Flags under a chart, in step with its time axis, and what they add up to in words. */
export function FlagStrip({
  runs,
  from,
  to,
  bins,
  name,
}: {
  runs: readonly Run[];
  from: number;
  to: number;
  bins: readonly (AirBin | undefined)[];
  /** Whose flags they are, where the chart has several lines. */
  name: string | undefined;
}) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const sum = counted(bins);
  const all = Object.values(sum).reduce((a, b) => a + b, 0);
  const x = (at: number): number => Math.max(0, Math.min(1000, ((at - from) / (to - from)) * 1000));
  return (
    <div className="flag-strip">
      <svg
        viewBox="0 0 1000 18"
        preserveAspectRatio="none"
        role="img"
        aria-label={name === undefined ? t.strip : t.stripOf(name)}
      >
        {runs
          .filter((r) => r.flag !== 9 && r.to > from && r.from < to)
          .map((r) => (
            <rect
              key={r.from}
              className={`flag-run flag-${r.flag}`}
              x={x(r.from)}
              width={Math.max(0.8, x(r.to) - x(r.from))}
              y={17 - heights[r.flag]}
              height={heights[r.flag]}
            >
              <title>{`${flagNames[language][r.flag]}: ${say.moment(r.from)} – ${say.moment(r.to)}`}</title>
            </rect>
          ))}
      </svg>
      {all > 0 && (
        <p className="flag-sum">
          {name !== undefined && <span className="muted">{name}</span>}
          {([1, 2, 3, 4, 9] as const)
            .filter((flag) => sum[flag] > 0)
            .map((flag) => (
              <span key={flag} className="flag-words">
                <FlagMark flag={flag} />
                {t.share(shareOf(sum[flag] / all, say.tag), flagNames[language][flag])}
              </span>
            ))}
        </p>
      )}
    </div>
  );
}

/** Only all is 100 %, and what there is is never 0 %. */
function shareOf(share: number, tag: string): string {
  if (share > 0 && share < 0.001) return "< 0.1 %";
  const shown = share === 1 ? 1 : Math.min(share, 0.999);
  return new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 }).format(shown);
}

import type { AirEpisode } from "@openkerb/contract";
import { SeverityMark } from "../../../parts/icons.tsx";
import { useLanguage, useTexts } from "../parts/language.ts";
import { figure, lawName, lawUnit, metricName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

/** When a threshold of warning was passed for as long as the law asks. */
export function Episodes({ episodes }: { episodes: readonly AirEpisode[] }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  return (
    <section className="ledger" aria-label={t.episodes}>
      <h2>{t.episodes}</h2>
      {episodes.length === 0 ? (
        <p className="muted pad">{t.episodesNone}</p>
      ) : (
        <ul className="episodes">
          {episodes.map((e) => {
            const unit = lawUnit(e.pollutant);
            const hours = e.statistic === "hour";
            return (
              <li key={`${e.law} ${e.kind} ${e.pollutant} ${e.threshold} ${e.from}`}>
                <SeverityMark severity={e.kind === "alert" ? "critical" : "notice"} />
                <span>
                  <strong>
                    {metricName(language, e.pollutant)} · {e.kind === "alert" ? t.alert : t.information}
                  </strong>{" "}
                  <span className="muted">{lawName(language, e.law)}</span>
                  <br />
                  {t.episode(
                    e.length,
                    hours ? t.hoursWord(e.length) : t.daysWord(e.length),
                    `${say.count(e.threshold)} ${unit}`,
                  )}
                  {t.peak(`${figure(e.peak, say)} ${unit}`)}
                </span>
                <span className="muted">
                  {/* The end is not part of it: the last day is the one before. */}
                  {hours
                    ? t.fromTo(say.moment(e.from), say.moment(e.to))
                    : t.fromTo(say.date(e.from), say.date(e.to - 1))}
                  {e.provisional && ` · ${t.provisional}`}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

import type { Colocation } from "@openkerb/contract";
import { useTexts } from "../parts/language.ts";
import { figure } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

type Calibration = NonNullable<Colocation["verdict"]["calibration"]>;

/** The line that would be used, with its intervals, where it was fitted and how it did on the part kept apart. */
export function CalibrationCard({ of, unit }: { of: Calibration; unit: string }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const two = (n: number): string => say.fixed(n, 2);
  const withUnit = (n: number): string => `${figure(n, say)} ${unit}`;
  const part = ({ n, from, to, r2 }: Calibration["fitted"]): string =>
    t.part(say.date(from), say.date(to), say.count(n), two(r2));
  return (
    <section aria-label={t.calibration}>
      <h2>{t.calibration}</h2>
      <p className="formula">
        {t.formula(two(of.gain), `${of.offset < 0 ? "−" : "+"} ${withUnit(Math.abs(of.offset))}`)}
      </p>
      <dl className="fact-list">
        <div>
          <dt>{t.gain}</dt>
          <dd>
            {two(of.gain)} <span className="muted">{t.interval(two(of.gainInterval[0]), two(of.gainInterval[1]))}</span>
          </dd>
        </div>
        <div>
          <dt>{t.offset}</dt>
          <dd>
            {withUnit(of.offset)}{" "}
            <span className="muted">
              {t.interval(figure(of.offsetInterval[0], say), figure(of.offsetInterval[1], say))}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t.fittedOn}</dt>
          <dd>{part(of.fitted)}</dd>
        </div>
        <div>
          <dt>{t.judgedOn}</dt>
          <dd>{part(of.judged)}</dd>
        </div>
        <div>
          <dt>{t.rmse}</dt>
          <dd>
            {t.rmseWords(withUnit(of.judged.rmseBefore), withUnit(of.judged.rmseAfter), withUnit(of.judged.rmseOfMean))}
          </dd>
        </div>
      </dl>
    </section>
  );
}

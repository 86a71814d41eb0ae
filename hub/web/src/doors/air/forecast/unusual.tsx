import type { AirAnomalies, AirChannel } from "@openkerb/contract";
import { useAnomalies } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { figure, metricName, unitName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import * as texts from "./texts.ts";

const hour = 3_600_000;
const span = 30 * 24 * hour;

/** Stretches of hours that were unlike what is usual there, in words. */
export function Unusual({ channel }: { channel: AirChannel }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const anomalies = useAnomalies(channel.id, span);
  return (
    <section aria-label={t.unusual}>
      <h2>{t.unusual}</h2>
      <AirAnswer of={anomalies} what={t.unusualFailed}>
        {({ stretches }) =>
          stretches.length === 0 ? (
            <p className="muted pad">{t.unusualNone}</p>
          ) : (
            <ul className="stretches">
              {[...stretches].reverse().map((s) => (
                <li key={s.from}>
                  <span>
                    <Stretch channel={channel} of={s} />
                  </span>
                  <span className="muted">
                    {say.date(s.from)} · {t.score(say.fixed(s.peak, 2))}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </AirAnswer>
    </section>
  );
}

/** The stretch in the reader's language and time; what was usual is told only when it is known. */
function Stretch({ channel, of }: { channel: AirChannel; of: AirAnomalies["stretches"][number] }): string {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const unit = unitName(channel.unit);
  const what = metricName(language, channel.metric);
  const at = of.at ?? of.from;
  const whole = of.from === of.to ? "" : t.stretch(say.clock(of.from), say.clock(of.to + hour));
  if (of.value === undefined) return `${t.wasUnusual(what, say.clock(at))}${whole}${language === "zh" ? "。" : "."}`;
  const was = `${t.was(what, `${figure(of.value, say)} ${unit}`, say.clock(at))}${whole}`;
  if (!of.usual) return `${was}${t.unknownUsual}`;
  const [low, high] = [figure(of.usual.low, say), `${figure(of.usual.high, say)} ${unit}`];
  const inside = of.value >= of.usual.low && of.value <= of.usual.high;
  return `${was}${inside ? t.inside(low, high) : t.usual(low, high)}`;
}

import type { AirChannel } from "@openkerb/contract";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useAnomalies } from "../parts/air-asks.ts";
import { useTexts } from "../parts/language.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import * as texts from "./texts.ts";

const span = 30 * 86_400_000;

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
                    <HubWords>{s.words}</HubWords>
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

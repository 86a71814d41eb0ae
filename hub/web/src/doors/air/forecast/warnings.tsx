import type { AirChannel, HorizonForecast } from "@openkerb/contract";
import { HubWords } from "../../../parts/hub-words.tsx";
import { SeverityMark } from "../../../parts/icons.tsx";
import { useTexts } from "../parts/language.ts";
import { unitName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import * as texts from "./texts.ts";

/** Each hour ahead: a warning, that none is needed, or why none is given. */
export function Warnings({ channel, horizons }: { channel: AirChannel; horizons: readonly HorizonForecast[] }) {
  const t = useTexts(texts);
  const words = { issued: t.issued, "not-expected": t.notExpected, withheld: t.withheld };
  return (
    <section aria-label={t.warnings} className="warnings">
      <h2>{t.warnings}</h2>
      <ul>
        {horizons.map((h) => (
          <li key={h.horizon} className={`warning-${h.warning.kind}`}>
            <span className="warning-ahead">{t.ahead(h.horizon)}</span>
            <span className="warning-kind">
              {h.warning.kind === "issued" && <SeverityMark severity="warning" />} {words[h.warning.kind]}
            </span>
            <span>
              <Said channel={channel} of={h} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Said({ channel, of }: { channel: AirChannel; of: HorizonForecast }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const unit = unitName(channel.unit);
  switch (of.warning.kind) {
    case "withheld":
      return <HubWords>{of.warning.why}</HubWords>;
    case "not-expected":
      return t.noWarning(`${say.count(of.event)} ${unit}`);
    case "issued":
      return <HubWords>{of.warning.words}</HubWords>;
    default:
      return of.warning satisfies never;
  }
}

import type { AirAssociation, Metric } from "@openkerb/contract";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useAssociation } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { figure, metricName, unitName } from "../parts/names.ts";
import { Scatter } from "../parts/scatter.tsx";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import * as texts from "./texts.ts";

const span = 90 * 86_400_000;

/** Pollution or noise beside the traffic of the same place: association, never cause, with its interval. */
export function Association({ site, metric }: { site: string; metric: Metric }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const association = useAssociation(site, metric, span);
  return (
    <section aria-label={t.traffic} className="association">
      <h2>
        {t.traffic} <span className="muted">{t.trafficSpan}</span>
      </h2>
      <AirAnswer of={association} what={t.trafficWhat}>
        {(answer) => <Shown answer={answer} name={metricName(language, metric)} />}
      </AirAnswer>
    </section>
  );
}

function Shown({ answer: { words, result, points }, name }: { answer: AirAssociation; name: string }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const say = useSpeech();
  if (result.kind === "none")
    return (
      <p className="pad">
        <strong>{t.trafficNone}</strong>{" "}
        <span className="muted">
          <HubWords>{result.why}</HubWords>
        </span>
      </p>
    );
  const unit = unitName(result.unit);
  const signed = (n: number): string => `${n > 0 ? "+" : n < 0 ? "−" : ""}${figure(Math.abs(n), say)}`;
  return (
    <>
      <p className="association-figure">
        <strong>{t.notCause}</strong>{" "}
        {t.per100(`${signed(result.per100)} ${unit}`, signed(result.interval[0]), signed(result.interval[1]))}
        <span className="muted"> · {t.perHours(say.count(result.hours), say.fixed(result.correlation, 2))}</span>
      </p>
      <p className="muted">
        <HubWords>{words}</HubWords>
      </p>
      <Scatter
        title={t.plot(name)}
        points={points.map((p) => ({ x: p.vehicles, y: p.value }))}
        lines={[]}
        across={t.vehicles}
        up={c.axis(name, unit)}
      />
    </>
  );
}

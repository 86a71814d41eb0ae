import type { Colocation } from "@openkerb/contract";
import { BackIcon } from "../../../parts/icons.tsx";
import { Notice } from "../../../parts/states.tsx";
import { air } from "../../../route.ts";
import { Link } from "../../../use-route.tsx";
import { useColocations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { metricName } from "../parts/names.ts";
import { type AirPageProps, isOfficer } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import { Comparison } from "./comparison.tsx";
import { Corrections } from "./corrections.tsx";
import { MakeComparison } from "./make.tsx";
import { referenceName } from "./reference-name.ts";
import * as texts from "./texts.ts";

/** The workbench: compare a sensor with a reference, see whether a calibration holds, use it or not. */
export function ColocationPage({ route, session }: AirPageProps) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const colocations = useColocations();
  const id = route.id !== undefined && /^[1-9]\d{0,9}$/.test(route.id) ? Number(route.id) : undefined;
  if (id !== undefined)
    return (
      <div className="pane air-page">
        <Link to={air("colocation", route.asked)} className="back">
          <BackIcon /> {t.back}
        </Link>
        <Comparison key={id} id={id} session={session} />
      </div>
    );
  return (
    <div className="pane air-page">
      <h1>{t.title}</h1>
      <p className="lead muted">{t.lead}</p>
      {isOfficer(session) ? <MakeComparison session={session} /> : <p className="muted pad">{c.notYours}</p>}
      <section aria-label={t.earlier} className="colocations">
        <h2>{t.earlier}</h2>
        <AirAnswer of={colocations} what={t.what}>
          {({ colocations: all }) =>
            all.length === 0 ? (
              <Notice title={t.none}>
                <p>{t.noneWhy}</p>
              </Notice>
            ) : (
              <ul>
                {all.map((one) => (
                  <li key={one.id}>
                    <Row colocation={one} asked={route.asked} />
                  </li>
                ))}
              </ul>
            )
          }
        </AirAnswer>
      </section>
      <Corrections session={session} />
    </div>
  );
}

function Row({ colocation, asked }: { colocation: Colocation; asked: Readonly<Record<string, string>> }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const { sensor, verdict, agreement } = colocation;
  const good = verdict.kind === "accepted";
  return (
    <Link to={air("colocation", asked, String(colocation.id))} className="colocation-row">
      <span className={good ? "verdict-good" : "verdict-bad"}>
        <VerdictMark verdict={good ? "good" : "bad"} /> {good ? t.accepted : t.refused}
      </span>
      <span>
        <strong>
          {metricName(language, sensor.metric)} · {sensor.site} · {sensor.sensor}
        </strong>
        <span className="muted"> — {referenceName(colocation)}</span>
      </span>
      <span className="muted">
        {say.date(colocation.from)} – {say.date(colocation.to)} · {t.pairs(say.count(colocation.pairs))}
        {agreement && ` · R² ${say.fixed(agreement.r2, 2)}`}
      </span>
    </Link>
  );
}

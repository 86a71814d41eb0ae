import { apiRoot, type Colocation, type Instant, type Session } from "@openkerb/contract";
import { useState } from "react";
import { Button } from "react-aria-components";
import { HubWords } from "../../../parts/hub-words.tsx";
import { TableHead } from "../../../parts/table-head.tsx";
import { useColocation } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { VerdictMark } from "../parts/marks.tsx";
import { figure, metricName, unitName } from "../parts/names.ts";
import { Scatter } from "../parts/scatter.tsx";
import { isOfficer } from "../parts/selected.ts";
import { type Speech, useSpeech } from "../parts/speech.ts";
import { AirAnswer } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import { ApplyCorrection } from "./apply.tsx";
import { CalibrationCard } from "./calibration.tsx";
import { referenceName } from "./reference-name.ts";
import * as texts from "./texts.ts";

type Pair = { readonly at: Instant; readonly sensor: number; readonly reference: number };

/** One comparison: the verdict first, then what it rests on. */
export function Comparison({ id, session }: { id: number; session: Session }) {
  const t = useTexts(texts);
  const colocation = useColocation(id);
  return (
    <AirAnswer of={colocation} what={t.detail}>
      {({ colocation: one, pairs }) => <Shown one={one} pairs={pairs} session={session} />}
    </AirAnswer>
  );
}

function Shown({ one, pairs, session }: { one: Colocation; pairs: readonly Pair[]; session: Session }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const c = useTexts(common);
  const [asking, setAsking] = useState(false);
  const { sensor, verdict, agreement } = one;
  const unit = unitName(one.unit);
  const good = verdict.kind === "accepted";
  const officer = isOfficer(session);
  return (
    <article className="comparison">
      <h1>
        {metricName(language, sensor.metric)} · {sensor.site} · {sensor.sensor}
      </h1>
      <p className="lead muted">
        {t.referenceIs(referenceName(one))} · {say.date(one.from)} – {say.date(one.to)} ·{" "}
        {t.pairs(say.count(one.pairs))} · {t.made(one.made.by, say.date(one.made.at))}
      </p>
      <section className={good ? "verdict-card good" : "verdict-card bad"}>
        <h2 className={good ? "verdict-good" : "verdict-bad"}>
          <VerdictMark verdict={good ? "good" : "bad"} /> {good ? t.acceptedTitle : t.refusedTitle}
        </h2>
        {verdict.kind === "accepted" ? (
          <p>{t.acceptedWhy(say.count(verdict.calibration.fitted.n), say.count(verdict.calibration.judged.n))}</p>
        ) : (
          <ul>
            {verdict.why.map((why) => (
              <li key={why}>
                <HubWords>{why}</HubWords>
              </li>
            ))}
          </ul>
        )}
        <div className="steps">
          {good && officer && (
            <Button className="button primary" onPress={() => setAsking(true)}>
              {t.use}…
            </Button>
          )}
          {agreement && officer && (
            <a className="button" href={`${apiRoot}/air/colocations/${one.id}/report`} target="_blank" rel="noreferrer">
              {t.report}
            </a>
          )}
        </div>
      </section>
      {one.warning && (
        <p className="air-conflict">
          <strong>{t.warning}:</strong> <HubWords>{one.warning}</HubWords>
        </p>
      )}
      {agreement === undefined ? (
        <p className="lead">{t.few}</p>
      ) : (
        <div className="comparison-body">
          <figure>
            <Scatter
              same
              title={t.plot(say.fixed(agreement.slope, 2), say.fixed(agreement.r2, 2))}
              points={pairs.map((p) => ({ x: p.reference, y: p.sensor }))}
              lines={[
                { gain: 1, offset: 0, name: t.oneToOne, dash: true },
                { gain: agreement.slope, offset: agreement.intercept, name: t.fitted },
              ]}
              across={c.axis(t.reference, unit)}
              up={c.axis(t.sensor, unit)}
            />
            <figcaption className="scatter-legend muted">
              <span className="swatch-line dash" /> {t.oneToOne} <span className="swatch-line" /> {t.fitted}
            </figcaption>
            <details className="pairs">
              <summary>{t.tableRows}</summary>
              <PairTable pairs={pairs} unit={unit} />
            </details>
          </figure>
          <div className="comparison-facts">
            <Targets one={one} />
            <section aria-label={t.agreement}>
              <h2>{t.agreement}</h2>
              <dl className="fact-list">
                {(["r2", "slope", "intercept", "rmse", "nrmse", "mae", "bias", "fac2"] as const).map((name) => (
                  <div key={name}>
                    <dt>{t.metricNames[name]}</dt>
                    <dd>{metricWords(name, agreement[name], unit, say)}</dd>
                  </div>
                ))}
              </dl>
            </section>
            {verdict.calibration && <CalibrationCard of={verdict.calibration} unit={unit} />}
          </div>
        </div>
      )}
      {asking && (
        <ApplyCorrection
          session={session}
          channel={sensor}
          correction={{ colocation: one.id }}
          title={t.useTitle}
          hint={t.useHint}
          close={() => setAsking(false)}
        />
      )}
    </article>
  );
}

function metricWords(name: string, value: number, unit: string, say: Speech): string {
  if (name === "nrmse") return `${say.fixed(value, 1)} %`;
  if (name === "fac2") return say.percent(value);
  if (name === "r2" || name === "slope") return say.fixed(value, 2);
  return `${figure(value, say)} ${unit}`;
}

function Targets({ one }: { one: Colocation }) {
  const t = useTexts(texts);
  const say = useSpeech();
  return (
    <section aria-label={t.targets}>
      <h2>{t.targets}</h2>
      {one.targets.length === 0 ? (
        <p className="muted pad">{t.noTargets}</p>
      ) : (
        <table className="targets">
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">{t.targets}</span>
              </th>
              <th scope="col">{t.target}</th>
              <th scope="col" className="number">
                {t.reached}
              </th>
              <th scope="col">
                <span className="hidden">{t.met}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {one.targets.map((x) => (
              <tr key={x.name}>
                <th scope="row">{t.targetNames[x.name] ?? x.name}</th>
                <td>
                  <HubWords>{x.target}</HubWords>
                </td>
                <td className="number">{say.fixed(x.value, 2)}</td>
                <td className={x.met ? "verdict-good" : "verdict-bad"}>
                  <VerdictMark verdict={x.met ? "good" : "bad"} /> {x.met ? t.met : t.missed}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function PairTable({ pairs, unit }: { pairs: readonly Pair[]; unit: string }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const say = useSpeech();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it has to be reachable by keyboard
    <section className="chart-table" aria-label={t.tableRows} tabIndex={0}>
      <table>
        <TableHead columns={[t.time, { number: c.axis(t.sensor, unit) }, { number: c.axis(t.reference, unit) }]} />
        <tbody>
          {pairs.map((p) => (
            <tr key={p.at}>
              <th scope="row">{say.moment(p.at)}</th>
              <td className="number">{figure(p.sensor, say)}</td>
              <td className="number">{figure(p.reference, say)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

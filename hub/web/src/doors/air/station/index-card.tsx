import type { AirIndex, AirIndexMoment, Pollutant } from "@openkerb/contract";
import { HubWords } from "../../../parts/hub-words.tsx";
import { bandOf, newest, standardIds, standardName } from "../parts/index-words.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { figure, metricName, unitName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice } from "../parts/states.tsx";
import { type IndexChoice, useIndexNow } from "../parts/station-asks.ts";
import * as common from "../parts/texts.ts";
import * as texts from "./texts.ts";

/** The rule set a moment was judged by. One standard may have several, each for its own days. */
const ruleOf = ({ rules }: AirIndex, moment: AirIndexMoment | undefined) => {
  const day = moment && new Date(moment.at).toISOString().slice(0, 10);
  const all = rules.filter((r) => r.id === moment?.standard);
  return all.find((r) => day !== undefined && r.from <= day && (r.to === undefined || day <= r.to)) ?? all.at(-1);
};

/** A band's official colour; its word stands beside it. */
const BandMark = ({ colour, size }: { colour: string | undefined; size: number }) => (
  <svg aria-hidden="true" viewBox="0 0 16 16" width={size} height={size} className="mark" style={{ color: colour }}>
    <rect x="1" y="1" width="14" height="14" rx="3" className="air-band-mark" />
  </svg>
);

/** The index in a list: number, word and official colour, or that there is none. */
export function IndexBadge({ site, none }: { site: string; none: string }) {
  const language = useLanguage();
  const { data } = useIndexNow(site, {});
  const now = data && newest(data.moments).known;
  if (!data || now?.overall.kind !== "index") return <span className="air-band muted">{data ? none : "…"}</span>;
  const band = bandOf(language, ruleOf(data, now), now.overall.category);
  return (
    <span className="air-band">
      <BandMark colour={band?.ground} size={16} />
      <strong>{now.overall.index}</strong> {band?.name ?? now.overall.category}
    </span>
  );
}

/** `auto`, a region or a rule set, as it stands in the address. */
export function choiceOf(law: string | undefined): IndexChoice {
  if (law === "eu" || law === "us" || law === "cn") return { region: law };
  return standardIds.some((id) => id === law) && law !== undefined ? { standard: law } : {};
}

type Props = { readonly site: string; readonly law: string | undefined; readonly choose: (law: string) => void };

/** One number with its law and its time, one sentence why, and each pollutant's part in it. */
export function IndexCard({ site, law, choose }: Props) {
  const t = useTexts(texts);
  const language = useLanguage();
  const index = useIndexNow(site, choiceOf(law));
  return (
    <section className="air-index" aria-label={t.index}>
      <Choice
        label={t.law}
        value={law ?? "auto"}
        options={[
          { id: "auto", name: t.auto },
          ...(["eu", "us", "cn"] as const).map((id) => ({ id: id as string, name: t.regions[id] })),
          ...standardIds.map((id) => ({ id: id as string, name: standardName(language, id) })),
        ]}
        onChange={choose}
      />
      <AirAnswer of={index} what={t.index}>
        {(answer) => <Verdict answer={answer} />}
      </AirAnswer>
    </section>
  );
}

function Verdict({ answer }: { answer: AirIndex }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  const { now, known } = newest(answer.moments);
  const names = (primary: readonly Pollutant[]): string => c.listed(primary.map((p) => metricName(language, p)));
  if (!now) return <p className="muted">{t.none}</p>;
  const rule = ruleOf(answer, now);
  const band = now.overall.kind === "index" ? bandOf(language, rule, now.overall.category) : undefined;
  const when = <span className="muted">{t.hourOf(say.moment(now.at))}</span>;
  return (
    <>
      {now.overall.kind === "index" ? (
        <>
          <p className="air-number">
            <span className="air-number-value">{now.overall.index}</span>
            <span className="air-number-band">
              <BandMark colour={band?.ground} size={18} />
              {band?.name ?? now.overall.category}
            </span>
          </p>
          <p>
            {now.standard && <strong>{standardName(language, now.standard)}</strong>} {when}
          </p>
          <p>
            {t.why(
              names(now.overall.primary),
              now.each.filter((e) => e.index !== undefined).length - now.overall.primary.length,
            )}
          </p>
        </>
      ) : (
        <>
          <p className="air-number">
            <span className="air-number-none">{t.none}</span>
          </p>
          <p>
            {now.standard && <strong>{standardName(language, now.standard)}</strong>} {when}
          </p>
          <p>
            <HubWords>{now.overall.why}</HubWords>
            {t.stop}
            {known?.overall.kind === "index" && ` ${t.last(`${known.overall.index}`, say.moment(known.at))}`}
          </p>
        </>
      )}
      <ul className="air-each">
        {now.each.map((e) => (
          <li key={`${e.pollutant} ${e.averaging}`}>
            <span className="air-each-name">
              {metricName(language, e.pollutant)} <span className="muted">{e.averaging}</span>
            </span>
            <span className="number">
              {e.value === undefined ? "–" : `${figure(e.value, say)} ${unitName(e.unit)}`}
            </span>
            {e.index === undefined ? (
              <span className="muted">{e.why && <HubWords>{e.why}</HubWords>}</span>
            ) : (
              <span>
                {e.index}{" "}
                <span className="muted">{(e.category && bandOf(language, rule, e.category)?.name) ?? e.category}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
      {rule && (
        <p className="muted air-hint">
          {t.source} <span lang="en">{rule.source}</span>
          {rule.unconfirmed && (
            <>
              {" "}
              (<HubWords>{rule.unconfirmed}</HubWords>)
            </>
          )}
        </p>
      )}
    </>
  );
}

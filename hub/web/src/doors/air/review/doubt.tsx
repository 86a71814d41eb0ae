import type { QualityFlag, ReviewDetail, Session } from "@openkerb/contract";
import { type ReactNode, useMemo, useState } from "react";
import { Button, Label, Radio, RadioGroup } from "react-aria-components";
import { ApiError } from "../../../api.ts";
import { AskedFor, NotDone } from "../../../parts/asked-for.tsx";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useKeys } from "../../../parts/keys.tsx";
import { useDecide, useReview } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { FlagMark } from "../parts/marks.tsx";
import { figure, flags, metricName, unitName } from "../parts/names.ts";
import { isOfficer } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, ReasonField, Why } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import { TimeChart, type TimeData } from "../parts/time-chart.tsx";
import * as texts from "./texts.ts";

type Props = { readonly id: number; readonly session: Session };
/** The hub gives so many readings at the most. */
const most = 3000;

/** One doubt: what the tests said, the readings around it, what can be decided and what was. */
export function Doubt({ id, session }: Props) {
  const t = useTexts(texts);
  const review = useReview(id);
  return (
    <AirAnswer of={review} what={t.detail}>
      {(detail) => <Evidence detail={detail} session={session} />}
    </AirAnswer>
  );
}

function Evidence({ detail, session }: { detail: ReviewDetail; session: Session }) {
  const { item, readings, history, settings } = detail;
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  const unit = unitName(item.channel.unit);
  const data = useMemo((): TimeData => {
    const flagWord = (f: QualityFlag): string => flags[language][f];
    return {
      at: readings.map((r) => r.at),
      lines: [{ name: t.value, values: readings.map((r) => r.value) }],
      flags: readings.map((r) => r.effective),
      spans: [item],
      from: Math.min(item.from, readings[0]?.at ?? item.from),
      to: Math.max(item.to, readings.at(-1)?.at ?? item.to),
      ...floorOf(item.channel.unit, readings),
      columns: [
        { name: t.device, cells: readings.map((r) => flagWord(r.device)) },
        { name: t.tests, cells: readings.map((r) => flagWord(r.tests)) },
      ],
    };
  }, [readings, item, language, t]);
  return (
    <article className="doubt">
      <h2>
        {metricName(language, item.channel.metric)} · {item.channel.site} · {item.channel.sensor}
      </h2>
      <p className="lead muted">
        {c.interval(say.whole(item.from), say.whole(item.to))} · {t.readings(say.count(item.readings))}
      </p>
      <section aria-label={t.testsSay} className="doubt-tests">
        <h3>{t.testsSay}</h3>
        <ul>
          {item.tests.map(({ test, flag, readings: n }) => (
            <li key={test}>
              <FlagMark flag={flag} />
              <span>
                <strong>{t.testNames[test]?.name ?? test}</strong>{" "}
                {t.testSays(t.testNames[test] ?? { name: test, says: test }, flags[language][flag], say.count(n))}
              </span>
            </li>
          ))}
        </ul>
        {settings && (
          <p className="muted">
            {t.settings(settings.id, settings.since === undefined ? undefined : say.whole(settings.since))}
          </p>
        )}
      </section>
      <Decide detail={detail} session={session} />
      {readings.length === 0 ? (
        <p className="muted pad">{t.noReadings}</p>
      ) : (
        <>
          <TimeChart
            label={metricName(language, item.channel.metric)}
            title={t.chart(unit)}
            data={data}
            height={240}
            words={(v) => `${figure(v, say)} ${unit}`}
          />
          <Flags />
          {readings.length >= most && <p className="muted">{t.partial(say.count(most))}</p>}
        </>
      )}
      <section aria-label={t.history} className="doubt-history">
        <h3>{t.history}</h3>
        {history.length === 0 ? (
          <p className="muted">{t.historyNone}</p>
        ) : (
          <ol className="history">
            {history.map((entry) => (
              <li key={entry.id}>
                <time dateTime={new Date(entry.at).toISOString()} title={say.whole(entry.at)}>
                  {say.moment(entry.at)}
                </time>
                <span>
                  <strong>{entry.by}</strong> {t.actions[entry.action]}
                  <span className="history-text">
                    <HubWords>{entry.words}</HubWords>
                  </span>
                  {entry.reason && <span className="history-text">“{entry.reason}”</span>}
                </span>
              </li>
            ))}
          </ol>
        )}
      </section>
    </article>
  );
}

/** Levels and temperatures have no natural nothing: their scale begins below what was measured. */
function floorOf(unit: string, readings: ReviewDetail["readings"]): { floor?: number } {
  if (!["dB[SPL]", "Cel", "hPa"].includes(unit) || readings.length === 0) return {};
  return { floor: Math.floor(readings.reduce((low, r) => Math.min(low, r.value), Number.POSITIVE_INFINITY)) - 5 };
}

/** What the shapes in the chart mean. */
function Flags(): ReactNode {
  const t = useTexts(texts);
  const all: readonly QualityFlag[] = [2, 3, 4, 9];
  return (
    <div className="doubt-legend">
      <p className="muted">{t.deviceFlag}</p>
      <p>
        <span className="muted">{t.legend}:</span>{" "}
        {all.map((flag) => (
          <FlagMark key={flag} flag={flag} words />
        ))}
      </p>
    </div>
  );
}

const choices: readonly QualityFlag[] = [1, 3, 4];

function Decide({ detail: { item }, session }: { detail: ReviewDetail; session: Session }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  const { decide, isPending, error, reset } = useDecide(session);
  const [asking, setAsking] = useState(false);
  const [flag, setFlag] = useState<QualityFlag>(1);
  const [reason, setReason] = useState("");
  const officer = isOfficer(session);
  const open = item.state === "open" && officer;
  const conflict = error instanceof ApiError && error.status === 409;
  const accept = (): void => void decide(item.id, { do: "accept", seen: item.to }).catch(() => undefined);
  const override = (): void =>
    void decide(item.id, { do: "override", flag, reason: reason.trim(), seen: item.to })
      .then(() => setAsking(false))
      .catch((err: unknown) => {
        // Another's decision closes the question: there is nothing left to override.
        if (err instanceof ApiError && err.status === 409) setAsking(false);
      });
  const ask = (): void => {
    reset();
    setAsking(true);
  };
  useKeys({ a: () => open && !isPending && accept(), o: () => open && !isPending && ask() });
  return (
    <div className="doubt-decide">
      {conflict && (
        <div className="air-conflict" role="alert">
          <strong>{item.decision ? t.conflict : t.grown}</strong>
          <p>{item.decision ? t.conflictWhy : t.grownWhy}</p>
          {item.decision && (
            <p>
              <HubWords>{error.message}</HubWords>
            </p>
          )}
        </div>
      )}
      {error && !conflict && !asking && (
        <NotDone>
          <Why error={error} />
        </NotDone>
      )}
      {item.decision ? (
        <p className="doubt-decided">
          <FlagMark flag={item.decision.flag} />
          {item.state === "accepted"
            ? t.acceptedBy(item.decision.by)
            : t.done(item.decision.by, flags[language][item.decision.flag])}
          <span className="muted"> · {say.moment(item.decision.at)}</span>
        </p>
      ) : officer ? (
        <div className="steps" role="toolbar" aria-label={t.opened}>
          <Button className="button primary" isDisabled={isPending} onPress={accept}>
            {t.accept}{" "}
            <span className="kbd" aria-hidden="true">
              a
            </span>
          </Button>
          <Button className="button" isDisabled={isPending} onPress={ask}>
            {t.override}…{" "}
            <span className="kbd" aria-hidden="true">
              o
            </span>
          </Button>
        </div>
      ) : (
        <p className="muted">{c.notYours}</p>
      )}
      <AskedFor
        open={asking}
        title={t.overrideTitle}
        button={t.override}
        ready={reason.trim().length >= 3}
        pending={isPending}
        failed={error && !conflict && <Why error={error} />}
        send={override}
        close={() => setAsking(false)}
      >
        <p className="muted">{t.overrideHint(say.moment(item.from), say.moment(item.to))}</p>
        <RadioGroup
          className="radios"
          value={String(flag)}
          onChange={(v) => setFlag(choices.find((f) => String(f) === v) ?? 1)}
        >
          <Label>{t.flag}</Label>
          <div>
            {choices.map((f) => (
              <Radio key={f} value={String(f)} className="segment">
                <FlagMark flag={f} words />
              </Radio>
            ))}
          </div>
        </RadioGroup>
        <ReasonField value={reason} onChange={setReason} focus />
      </AskedFor>
    </div>
  );
}

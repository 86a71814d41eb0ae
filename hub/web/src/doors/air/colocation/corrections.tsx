import {
  type CorrectionChannel,
  type CorrectionUse,
  CorrectionChannel as Inputs,
  type Session,
} from "@openkerb/contract";
import { useState } from "react";
import { Button } from "react-aria-components";
import { hubWords } from "../../../hub-words/hub-words.ts";
import { AskedFor } from "../../../parts/asked-for.tsx";
import { HubWords } from "../../../parts/hub-words.tsx";
import { useCorrect, useCorrections, useStations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName, metricName } from "../parts/names.ts";
import { isOfficer } from "../parts/selected.ts";
import { useSpeech } from "../parts/speech.ts";
import { AirAnswer, Choice, ReasonField, Why } from "../parts/states.tsx";
import { ApplyCorrection } from "./apply.tsx";
import * as texts from "./texts.ts";

/** Corrections in use and ended ones; apply a published one, or end one. */
export function Corrections({ session }: { session: Session }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const say = useSpeech();
  const corrections = useCorrections(undefined);
  const sent = useCorrect(session);
  const [ending, setEnding] = useState<CorrectionUse>();
  const [applying, setApplying] = useState(false);
  const [reason, setReason] = useState("");
  const officer = isOfficer(session);
  const end = (): void => {
    if (!ending) return;
    sent
      .end(ending.id, reason.trim())
      .then(() => setEnding(undefined))
      .catch(() => undefined);
  };
  return (
    <section aria-label={t.corrections} className="corrections">
      <header className="corrections-head">
        <h2>{t.corrections}</h2>
        {officer && (
          <Button className="button" onPress={() => setApplying(true)}>
            {t.apply}…
          </Button>
        )}
      </header>
      <AirAnswer of={corrections} what={t.corrections}>
        {({ uses }) =>
          uses.length === 0 ? (
            <p className="muted pad">{t.noUse}</p>
          ) : (
            <ul>
              {uses.map((use) => (
                <li key={use.id}>
                  <span>
                    <strong>
                      {metricName(language, use.channel.metric)} · {use.channel.site} · {use.channel.sensor}
                    </strong>{" "}
                    {use.correction}{" "}
                    <span className="muted">
                      (<HubWords>{use.source}</HubWords>)
                    </span>
                    <br />
                    <span className="muted">
                      {use.to === undefined
                        ? t.since(say.moment(use.from))
                        : t.fromTo(say.moment(use.from), say.moment(use.to))}{" "}
                      · {t.by(use.by)}
                    </span>
                    {use.making && (
                      <span className="muted" role="status">
                        {" "}
                        · {t.making(say.count(use.making.made), say.count(use.making.of))}
                      </span>
                    )}
                  </span>
                  {use.to === undefined && officer && (
                    <Button
                      className="button small"
                      onPress={() => {
                        sent.reset();
                        setReason("");
                        setEnding(use);
                      }}
                    >
                      {t.end}…
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </AirAnswer>
      <AskedFor
        open={ending !== undefined}
        title={t.endTitle}
        button={t.end}
        ready={reason.trim().length >= 3}
        pending={sent.isPending}
        failed={sent.error && <Why error={sent.error} />}
        send={end}
        close={() => setEnding(undefined)}
      >
        <p className="muted">{t.endHint}</p>
        <ReasonField value={reason} onChange={setReason} focus />
      </AskedFor>
      {applying && <ApplyPublished session={session} close={() => setApplying(false)} />}
    </section>
  );
}

const isInput = (text: string): CorrectionChannel | undefined => Inputs.options.find((o) => o === text);

function ApplyPublished({ session, close }: { session: Session; close: () => void }) {
  const t = useTexts(texts);
  const language = useLanguage();
  const stations = useStations().data?.stations ?? [];
  const raw = stations.flatMap((s) =>
    s.channels.filter((c) => c.channel.correction === undefined).map(({ channel }) => ({ channel, place: s.name })),
  );
  const [id, setId] = useState<number>();
  const [correction, setCorrection] = useState<string>();
  const [stated, setStated] = useState<CorrectionChannel>();
  const list = useCorrections(id).data;
  const available = id === undefined ? [] : (list?.available ?? []);
  const input = id === undefined ? undefined : list?.input;
  const published = correction !== undefined && !correction.startsWith("colocation-");
  return (
    <ApplyCorrection
      session={session}
      channel={raw.find((r) => r.channel.id === id)?.channel}
      correction={correction === undefined ? undefined : { id: correction }}
      input={published && input === undefined ? stated : undefined}
      title={t.applyTitle}
      hint={t.useHint}
      close={close}
    >
      <Choice
        label={t.channel}
        value={id === undefined ? undefined : String(id)}
        empty={t.choose}
        options={raw.map(({ channel, place }) => ({
          id: String(channel.id),
          name: `${place}: ${channelName(language, channel)}`,
        }))}
        onChange={(chosen) => {
          setId(Number(chosen));
          setCorrection(undefined);
        }}
      />
      {id !== undefined && list && available.length === 0 && <p className="muted">{t.noneAvailable}</p>}
      {available.length > 0 && (
        <Choice
          label={t.correction}
          value={correction}
          empty={t.choose}
          options={available.map((a) => ({ id: a.id, name: a.id, more: t.needs(hubWords(language, a.needs).text) }))}
          onChange={setCorrection}
        />
      )}
      {published &&
        (input === undefined ? (
          <Choice
            label={t.input}
            value={stated}
            empty={t.choose}
            options={Inputs.options.map((o) => ({ id: o, name: t.inputs[o] }))}
            onChange={(v) => setStated(isInput(v))}
          />
        ) : (
          <p className="muted">{t.inputKnown(t.inputs[input])}</p>
        ))}
    </ApplyCorrection>
  );
}

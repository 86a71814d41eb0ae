import { instant, type Session } from "@openkerb/contract";
import { useState } from "react";
import { Button } from "react-aria-components";
import { AskedFor } from "../../../parts/asked-for.tsx";
import { useNow } from "../../../parts/live.tsx";
import { useStations, useValidate, useValidations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { Choice, ReasonField, TimeField, Why } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import { fieldTime, midnight, readTime } from "../parts/times.ts";
import * as texts from "./texts.ts";

const day = 86_400_000;

/** An officer stands for a period of a channel, sees what is stood for already, and may withdraw. */
export function Validate({ session }: { session: Session }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const language = useLanguage();
  const say = useSpeech();
  const now = useNow();
  const [asking, setAsking] = useState<"validate" | number>();
  const [channel, setChannel] = useState<number>();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const stations = useStations().data?.stations ?? [];
  const validations = useValidations(asking === undefined ? undefined : channel).data?.validations ?? [];
  const sent = useValidate(session);
  const options = stations.flatMap((s) =>
    s.channels.map(({ channel: one }) => ({ id: String(one.id), name: `${s.name}: ${channelName(language, one)}` })),
  );
  const [start, end] = [readTime(from, say.offset), readTime(to, say.offset)];
  const begin = (what: "validate" | number): void => {
    sent.reset();
    setReason("");
    setAsking(what);
  };
  const open = (): void => {
    const today = midnight(now, say.offset);
    setFrom(fieldTime(today - 7 * day, say.offset));
    setTo(fieldTime(today, say.offset));
    setChannel(channel ?? Number(options[0]?.id));
    begin("validate");
  };
  const send = (): void => {
    if (channel === undefined || start === undefined || end === undefined) return;
    sent
      .validate({ channel, from: instant(start), to: instant(end), reason: reason.trim() })
      .then(() => setReason(""))
      .catch(() => undefined);
  };
  if (options.length === 0) return null;
  return (
    <>
      <Button className="button" onPress={open}>
        {t.validate}…
      </Button>
      <AskedFor
        open={asking === "validate"}
        title={t.validateTitle}
        button={t.validate}
        ready={reason.trim().length >= 3 && start !== undefined && end !== undefined && start < end}
        pending={sent.isPending}
        failed={sent.error && <Why error={sent.error} />}
        send={send}
        close={() => setAsking(undefined)}
      >
        <p className="muted">{t.validateHint}</p>
        <Choice
          label={t.channel}
          value={channel === undefined ? undefined : String(channel)}
          options={options}
          onChange={(id) => setChannel(Number(id))}
        />
        <div className="air-choices">
          <TimeField
            label={c.from}
            kind="datetime-local"
            value={from}
            onChange={setFrom}
            max={fieldTime(now, say.offset)}
          />
          <TimeField label={c.to} kind="datetime-local" value={to} onChange={setTo} max={fieldTime(now, say.offset)} />
        </div>
        <ReasonField value={reason} onChange={setReason} />
        <section className="validations" aria-label={t.validations}>
          <h3>{t.validations}</h3>
          {validations.length === 0 ? (
            <p className="muted">{t.validationsNone}</p>
          ) : (
            <ul>
              {validations.map((v) => (
                <li key={v.id}>
                  <span>
                    {c.interval(say.moment(v.from), say.moment(v.to))}
                    <span className="muted"> · {t.by(v.by, say.date(v.at))}</span>
                    <span className="history-text">“{v.reason}”</span>
                  </span>
                  {v.withdrawn === undefined ? (
                    <Button className="button small" onPress={() => begin(v.id)}>
                      {t.withdraw}…
                    </Button>
                  ) : (
                    <span className="muted">{t.withdrawn}</span>
                  )}
                </li>
              ))}
            </ul>
          )}
        </section>
      </AskedFor>
      <AskedFor
        open={typeof asking === "number"}
        title={t.withdrawTitle}
        button={t.withdraw}
        ready={reason.trim().length >= 3}
        pending={sent.isPending}
        failed={sent.error && <Why error={sent.error} />}
        send={() =>
          void (
            typeof asking === "number" &&
            sent
              .withdraw(asking, reason.trim())
              .then(() => begin("validate"))
              .catch(() => undefined)
          )
        }
        close={() => begin("validate")}
      >
        <ReasonField value={reason} onChange={setReason} focus />
      </AskedFor>
    </>
  );
}

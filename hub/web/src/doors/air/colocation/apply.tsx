import {
  type AirChannel,
  type CorrectionChannel,
  type CorrectionOrder,
  instant,
  type Session,
} from "@openkerb/contract";
import { type ReactNode, useState } from "react";
import { AskedFor } from "../../../parts/asked-for.tsx";
import { useNow } from "../../../parts/live.tsx";
import { useCorrect, useCorrections } from "../parts/air-asks.ts";
import { useTexts } from "../parts/language.ts";
import { useSpeech } from "../parts/speech.ts";
import { ReasonField, TimeField, Why } from "../parts/states.tsx";
import { fieldTime, readTime } from "../parts/times.ts";
import * as texts from "./texts.ts";

type Props = {
  readonly session: Session;
  readonly channel: AirChannel | undefined;
  readonly correction: CorrectionOrder["correction"] | undefined;
  readonly input?: CorrectionChannel | undefined;
  readonly title: string;
  readonly hint: string;
  readonly children?: ReactNode;
  readonly close: () => void;
};

/** Asks from when on and why, then applies a correction to a channel. */
export function ApplyCorrection({ session, channel, correction, input, title, hint, children, close }: Props) {
  const t = useTexts(texts);
  const now = useNow();
  const { offset } = useSpeech();
  const [from, setFrom] = useState(() => fieldTime(now - (now % 3_600_000), offset));
  const [reason, setReason] = useState("");
  const sent = useCorrect(session);
  const [replace, setReplace] = useState(false);
  const { data: list } = useCorrections(channel?.id);
  const start = readTime(from, offset);
  const others = (list?.uses ?? []).filter(
    (use) => channel && start !== undefined && (use.to === undefined || use.to > Math.max(start, use.from)),
  );
  const send = (): void => {
    if (!channel || !correction || start === undefined) return;
    sent
      .apply({
        channel: channel.id,
        correction,
        ...(input !== undefined && { input }),
        from: instant(start),
        ...(others.length > 0 && replace && { replace }),
        reason: reason.trim(),
      })
      .then(close)
      .catch(() => undefined);
  };
  return (
    <AskedFor
      open
      title={title}
      button={t.apply}
      ready={channel !== undefined && correction !== undefined && start !== undefined && reason.trim().length >= 3}
      pending={sent.isPending}
      failed={sent.error && <Why error={sent.error} />}
      send={send}
      close={close}
    >
      <p className="muted">{hint}</p>
      {children}
      <TimeField label={t.from} kind="datetime-local" value={from} onChange={setFrom} />
      {others.length > 0 && (
        <label>
          <input type="checkbox" checked={replace} onChange={(e) => setReplace(e.target.checked)} />{" "}
          {t.replace([...new Set(others.map((use) => use.correction))].join(", "))}
        </label>
      )}
      <ReasonField value={reason} onChange={setReason} focus={children === undefined} />
    </AskedFor>
  );
}
